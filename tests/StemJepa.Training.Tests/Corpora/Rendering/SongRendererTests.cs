using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the pitch that was written is the pitch that sounds.</summary>
public sealed class SongRendererTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stemjepa-corpus-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [FactWithSynthesiser]
    public async Task ATinySongIsRenderedWhole()
    {
        MidiFile file = new SongSketch().Line(9, 0, "", 28, 36).Line(0, 33, "", 28, 45).Line(1, 19, "", 28, 60).Line(2, 80, "lead", 28, 81)
            .File();
        var midi = new MidiSong(file, "tiny");
        var song = new SourceSong(
            new MidiSource("tiny", "none", "1", "tiny.mid", null, "MIT", MidiWriter.Write(file)), midi, RoleAssignment.Assign(midi),
            IsTest: false);
        RenderPlan original = RenderPlan.Original(midi, 1);
        RenderPlan plan = original with { SoundFont = SoundFont.TimGm6Mb, Transpose = 3, Reverb = false, Chorus = false };
        Assert.Null(await new SongRenderer(_folder).RenderAsync(song, plan, CancellationToken.None));

        string folder = Path.Combine(_folder, "train", "tiny");
        Dictionary<string, AudioClip> audio = new[] { "mixture", "bass", "drums", "other", "vocals" }.ToDictionary(
            n => n, n => AudioClip.Load(Path.Combine(folder, n + ".wav")));
        Assert.All(audio.Values, a => Assert.Equal((16000, 16 * 16000), (a.SampleRate, a.Samples.Length)));
        float[] sum = [.. Enumerable.Range(0, 16 * 16000)
            .Select(i => audio.Where(a => a.Key != "mixture").Sum(a => a.Value.Samples.Span[i]))];
        Assert.Equal(sum, audio["mixture"].Samples.ToArray());
        double pitch = 440 * Math.Pow(2, (81 + 3 - 69) / 12.0);
        Assert.True(Level(audio["vocals"], pitch) > 5 * Level(audio["vocals"], pitch * Math.Pow(2, 1 / 12.0)));
        Assert.True(Level(audio["vocals"], pitch) > 5 * Level(audio["bass"], pitch));
        SongRecord record = SongRecord.Load(folder);
        Assert.Equal((16.0, 3, "TimGM6mb", 120.0), (record.Seconds, record.Transpose, record.Soundfont, record.TempoMap[0].Bpm));
        Assert.False(Directory.Exists(Path.Combine(_folder, SongRenderer.PartialFolder, "tiny")));
    }

    [FactWithSynthesiser]
    public async Task ACancelledSongLeavesNothing()
    {
        MidiSong midi = SongSketch.FourRoles().Song("gone");
        var song = new SourceSong(
            new MidiSource("gone", "none", "1", "gone.mid", null, "MIT", []), midi, RoleAssignment.Assign(midi), IsTest: false);
        using var cancel = new CancellationTokenSource();
        var user = new Thread(() => // a timer would wait for the thread pool, which other tests keep busy
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(50));
            cancel.Cancel();
        });
        user.Start();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new SongRenderer(_folder).RenderAsync(song, RenderPlan.Original(midi, 1), cancel.Token));
        user.Join();
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    private static double Level(AudioClip clip, double hertz)
    {
        double real = 0, imaginary = 0;
        ReadOnlySpan<float> samples = clip.Samples.Span[..(8 * clip.SampleRate)];
        for (int i = 0; i < samples.Length; i++)
        {
            double angle = 2 * Math.PI * hertz * i / clip.SampleRate;
            real += samples[i] * Math.Cos(angle);
            imaginary += samples[i] * Math.Sin(angle);
        }
        return Math.Sqrt(real * real + imaginary * imaginary) / samples.Length;
    }
}
