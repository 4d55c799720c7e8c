using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

using Loudness = StemJepa.Training.Corpora.Loudness;

/// <summary>Oracle: what was composed is what sounds, and it is a function of seed and index.</summary>
public sealed class ComposerTests : IDisposable
{
    private const double Seconds = 13;
    private static readonly Lazy<GrooveLibrary> Library = new(GrooveLibrary.Read);
    private readonly string _folder = Directory.CreateTempSubdirectory("stemjepa-composed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<SourceSong> Compose(int seed, int index) =>
        new Composer(Library.Value, seed, isTest: false).ComposeAsync(index, Seconds, LeadInstrument.Training, CancellationToken.None);

    [FactWithMma]
    public async Task ASongIsAFunctionOfSeedAndIndex()
    {
        SourceSong song = await Compose(7, 2), again = await Compose(7, 2), other = await Compose(8, 2);
        Assert.Equal(song.Source.Bytes, again.Source.Bytes);
        Assert.NotEqual(song.Source.Bytes, other.Source.Bytes);
        Assert.Equal("composed_00002", song.Name);
        Assert.Equal(Stem.Roles, song.Roles.Values.Distinct().Order());
        Part lead = song.Roles.Single(r => r.Value == Stem.Vocals).Key;
        Assert.Contains(lead.Program, LeadInstrument.Training.Select(l => l.Program));
    }

    [FactWithMma]
    public async Task LabelsAreWhatMmaPlays()
    {
        SourceSong song = await Compose(7, 5);
        SongLabels labels = song.Labels!;
        Assert.Equal((0L, 0L, 0L, 0L), (labels.Beats[0], labels.Downbeats[0], labels.Chords[0].Tick, labels.Keys[0].Tick));
        Assert.InRange(song.Midi.EndTick, labels.Downbeats[^1], labels.End + song.Midi.TicksPerQuarter);
        Assert.InRange(song.Midi.Tempo.ToSeconds(labels.End), Seconds - 4, Seconds + 4);
        Stem RoleOf(Note note) => song.Roles[song.Midi.Parts.First(p => p.Channel == note.Channel && p.Program == note.Program)];
        double Fit(int up) => song.Midi.Notes.Where(n => RoleOf(n) == Stem.Other)
            .Average(n => labels.Chords.Last(c => c.Tick <= n.Start + 20).Chord.Transpose(up).Holds(n.Pitch) ? 1.0 : 0);
        Assert.True(Fit(0) > 0.7 && Enumerable.Range(1, 11).All(up => Fit(up) < Fit(0)),
            $"{Fit(0):P0} of the accompaniment's notes are in the labelled chords");
    }

    [FactWithMma]
    public async Task AComposedSongIsRenderedWithItsLabels()
    {
        SourceSong song = await Compose(7, 1);
        RenderPlan drawn = ComposedPlan.Draw(song, SoundFont.ReadDrumSets([SoundFont.TimGm6Mb]), 7);
        RenderPlan plan = drawn with { Transpose = 2, TempoFactor = 1.1 };
        Assert.Null(await new SongRenderer(_folder).RenderAsync(song, plan, CancellationToken.None));
        string folder = Path.Combine(_folder, "train", "composed_00001");
        Assert.Equal(["bass.wav", "drums.wav", "other.wav", "song.json", "vocals.wav"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        SongRecord record = SongRecord.Load(folder);
        SongLabels labels = song.Labels!;
        Assert.Equal(labels.Keys[0].Key.Transpose(2).Name, record.Key);
        Assert.Equal(labels.Chords[0].Chord.Transpose(2).Name, record.Chords![0].Name);
        Assert.Equal(song.Midi.Tempo.ToSeconds(labels.Beats[^1]) / 1.1, record.Beats![^1], 3);
        Assert.Equal(60 / record.TempoMap[0].Bpm * (labels.Beats[1] - labels.Beats[0]) / song.Midi.TicksPerQuarter, record.Beats[1], 3);
        float[] loudness = [.. Stem.Roles.Select(s =>
            Loudness.Compute(AudioClip.Load(Path.Combine(folder, CorpusSong.FileOf(s))).Samples.Span)
            / MathF.Pow(10, (float)plan.GainsDb[s] / 20))];
        Assert.True(loudness.Max() / loudness.Min() < 1.1f);
    }
}
