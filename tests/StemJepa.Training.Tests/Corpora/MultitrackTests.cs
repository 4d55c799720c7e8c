using System.IO.Compression;
using System.Text;
using Spectre.Console;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracles: tones whose fundamental is known, a module that is written by hand, and the rule that roles must keep.</summary>
public sealed class MultitrackTests : IDisposable
{
    private const int Rate = 16_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("stemjepa-multitrack-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static float[] Tone(double hertz, double seconds = 14) => [.. Enumerable.Range(0, (int)(seconds * Rate))
        .Select(i => (float)(0.3 * Math.Sin(2 * Math.PI * hertz * i / Rate)))];

    private static float[] Hits(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 14 * Rate).Select(i => (float)((random.NextDouble() - 0.5) * Math.Exp(-(i % (Rate / 2)) / 800.0)))];
    }

    private static Multitrack.Voice[] Band(Multitrack.Move move) =>
    [
        new("", new VoiceUse(40, 6, 1), Tone(80 * Math.Pow(2, move.Semitones / 12.0), 14 / move.Tempo)),
            new("", new VoiceUse(100, 1, 1), Hits(1)),
        new("", new VoiceUse(60, 12, 1), Tone(600, 14 / move.Tempo)), new("", new VoiceUse(60, 12, 0.3), Tone(300, 14 / move.Tempo)),
        new("odd", new VoiceUse(2, 1, 1), Hits(2)), new("silent", new VoiceUse(9, 4, 1), []),
    ];

    private sealed class Fake(string name, Func<Multitrack.Move, Multitrack.Voice[]> voices)
        : Multitrack(name, new SourceRecord("none", "1", name, null, "MIT", ""), canMove: true)
    {
        public List<string> Drums { get; } = [];

        public override string Renderer => "fake";

        public override Task<IReadOnlyList<Voice>> RenderAsync(Move move, Func<int, bool> isDrums, CancellationToken cancel)
        {
            Voice[] all = voices(move);
            Drums.Add(string.Join(',', Enumerable.Range(0, all.Length).Where(isDrums)));
            return Task.FromResult<IReadOnlyList<Voice>>(all);
        }
    }

    [Theory]
    [InlineData(55.0), InlineData(110.0), InlineData(311.1), InlineData(880.0)]
    public void A_tone_has_its_fundamental(double hertz)
    {
        VoiceSound sound = VoiceSound.Measure(Tone(hertz));
        Assert.InRange(sound.Hertz, hertz * 0.96, hertz * 1.04);
        Assert.True(sound.Periodicity > 0.95);
        Assert.Equal(1, sound.Presence, 2);
        double pole = 1 - Math.Exp(-2 * Math.PI * 250 / Rate), w = 2 * Math.PI * hertz / Rate;
        double onePole = pole * pole / (1 + (1 - pole) * (1 - pole) - 2 * (1 - pole) * Math.Cos(w));
        Assert.Equal(onePole * onePole, sound.LowShare, 2);
    }

    [Fact]
    public void Hits_are_noise_and_short_and_silence_is_nothing()
    {
        VoiceSound sound = VoiceSound.Measure(Hits(3));
        Assert.InRange(sound.Length, 0.08, 0.16);
        Assert.True(sound.Periodicity < 0.4);
        Assert.Equal(new VoiceSound(0, 0, 0, 0, 0, 0), VoiceSound.Measure(new float[Rate]));
    }

    [Fact]
    public void Roles_come_from_use_and_sound_and_names_come_first()
    {
        Assert.Equal(["bass", "drums", "vocals", "other", null, null], MultitrackWriter.Describe(Band(Multitrack.Move.None))
            .Select(v => v.Role));
        SoundRoles.Voice Voice(string name) => new(name, new VoiceUse(50, 10, 1), VoiceSound.Measure(Tone(200)));
        foreach ((string name, Stem? role) in ((string, Stem?)[])[("TechBD.*JAM*", Stem.Drums), ("Closed HihHat 03", Stem.Drums),
            ("Bass Slap 02", Stem.Bass), ("bass drum", Stem.Drums), ("KorgLead.Mew", Stem.Vocals), ("E-Piano", Stem.Other)])
            Assert.Equal(role, SoundRoles.Assign([Voice(name), new("higher", new VoiceUse(50, 10, 1), VoiceSound.Measure(Tone(500)))])[0]);
    }

    [Fact]
    public async Task A_song_and_its_variants_have_the_same_roles_and_stems_that_sum_to_the_mixture()
    {
        var song = new Fake("band", Band);
        Assert.False(song.IsTest);
        var writer = new MultitrackWriter(_folder, 5,
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }));
        await writer.WriteAsync([song, new Fake("poor", _ => Band(Multitrack.Move.None)[..2])], nearby: true, variants: 1, jobs: 1,
            CancellationToken.None);
        Assert.Equal(["band", "band~01", "band~nearby"], Directory.GetDirectories(Path.Combine(_folder, "train")).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));
        Assert.Contains("2 roles", File.ReadAllText(writer.RejectionOf("poor")));
        Assert.Equal(["", "1", "1"], song.Drums);
        foreach (string folder in Directory.GetDirectories(Path.Combine(_folder, "train")))
        {
            float[] Load(string name) => AudioClip.Load(Path.Combine(folder, name + ".wav")).Samples.ToArray();
            float[][] stems = [.. "bass drums other vocals".Split(' ').Select(Load)];
            Assert.Equal(Load("mixture"), stems[0].Select((_, i) => stems.Sum(s => s[i])));
            Assert.Equal(["bass", "drums", "vocals", "other", null, null], SongRecord.Load(folder).Voices!.Select(v => v.Role));
        }
        SongRecord nearby = SongRecord.Load(Path.Combine(_folder, "train", "band~nearby"));
        Assert.True(nearby.Transpose != 0 || nearby.TempoFactor != 1);
        Assert.InRange(Math.Abs(nearby.Transpose), 0, 3);
        int calls = song.Drums.Count;
        await writer.WriteAsync([song], nearby: true, variants: 1, jobs: 1, CancellationToken.None);
        Assert.Equal(calls, song.Drums.Count);
    }

    [FactWithOpenMpt]
    public void Instruments_of_a_module_sum_to_its_mix_and_move_in_key_and_tempo()
    {
        var module = new TrackerModule(TinyModule.Write(), "tiny.mod");
        Assert.Equal(TinyModule.Seconds, module.Seconds, 2);
        Assert.Equal(["low", "hit", "high", "middle"], module.Names.Take(4));
        Assert.Equal([(8, 8), (16, 1), (8, 8), (4, 4)], module.Uses.Take(4).Select(u => (u.Notes, u.Pitches)));
        float[] mix = module.Render(_ => true, 0, 1, 60, CancellationToken.None);
        float[][] solos = [.. Enumerable.Range(0, 4).Select(i => module.Render(v => v == i, 0, 1, 60, CancellationToken.None))];
        double error = Enumerable.Range(0, mix.Length).Max(i => Math.Abs(mix[i] - solos.Sum(s => (double)s[i])));
        Assert.True(error < 1e-5 * mix.Max(Math.Abs), $"the solos differ from the mix by {error}");
        double low = VoiceSound.Measure(solos[0]).Hertz, moved = VoiceSound.Measure(module.Render(v => v == 0, 7, 1, 60,
            CancellationToken.None)).Hertz;
        Assert.InRange(moved / low, Math.Pow(2, 6.5 / 12), Math.Pow(2, 7.5 / 12));
        Assert.Equal(mix.Length / 1.25, module.Render(_ => true, 0, 1.25, 60, CancellationToken.None).Length, Rate * 0.1);
        Assert.Equal(2 * Rate, module.Render(_ => true, 0, 1, 2, CancellationToken.None).Length);
        Assert.Throws<StemJepaException>(() => new TrackerModule(new byte[100], "none.mod"));
    }

    [FactWithOpenMpt]
    public async Task A_module_has_its_roles()
    {
        var song = new TrackerSong("tiny", new SourceRecord("none", "1", "tiny.mod", null, "MIT", ""), TinyModule.Write());
        IReadOnlyList<VoiceRecord> voices = MultitrackWriter.Describe(await song.RenderAsync(Multitrack.Move.None, _ => false,
            CancellationToken.None));
        Assert.Equal(["bass", "drums", "vocals", "other"], voices.Take(4).Select(v => v.Role));
    }

    [FactWithOpenMpt]
    public void Modules_of_the_same_notes_are_the_same_music()
    {
        byte[] renamed = TinyModule.Write();
        renamed[0] = (byte)'T';
        renamed[^10] ^= 1;
        byte[] other = TinyModule.Write();
        for (int row = 0; row < 16; row++) Array.Clear(other, 1084 + row * 16 + 4, 4);
        string Music(byte[] bytes) => MultitrackCollections.MusicOf(new TrackerModule(bytes, "m"));
        Assert.Equal(Music(TinyModule.Write()), Music(renamed));
        Assert.NotEqual(Music(TinyModule.Write()), Music(other));
    }

    [Fact]
    public void Tracks_of_a_project_are_listed_in_the_order_of_their_files()
    {
        const string project = """
            <?xml version="1.0"?><!DOCTYPE lmms-project><lmms-project><song><trackcontainer type="song">
            <track type="1" muted="0" name="beat"><bbtrack><trackcontainer type="bbtrackcontainer">
            <track type="0" muted="0" name="Kick"><pattern><note pos="0" len="-192" key="57"/>
            <note pos="48" len="-192" key="57"/></pattern></track></trackcontainer></bbtrack></track>
            <track type="0" muted="0" name="Piano"><pattern>
            <note pos="0" len="48" key="60"/><note pos="0" len="48" key="64"/><note pos="96" len="48" key="62"/></pattern></track>
            <track type="0" muted="1" name="Off"/><track type="5" muted="0" name="Automation"/>
            </trackcontainer></song></lmms-project>
            """;
        byte[] plain = Encoding.UTF8.GetBytes(project);
        var compressed = new MemoryStream();
        compressed.Write([0, 0, 0, 0]);
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(plain);
        foreach (byte[] bytes in (byte[][])[plain, compressed.ToArray()])
            Assert.Equal([("Piano", new VoiceUse(3, 3, 0.5)), ("Kick", new VoiceUse(2, 1, 1))], LmmsProject.Tracks(bytes, "p"));
        Assert.Throws<StemJepaException>(() => LmmsProject.Tracks(compressed.ToArray()[..40], "damaged"));
    }
}

/// <summary>A test that plays modules: skipped where libopenmpt is not installed.</summary>
public sealed class FactWithOpenMptAttribute : FactAttribute
{
    public FactWithOpenMptAttribute() => Skip = OpenMptLibrary.IsInstalled ? null : $"{OpenMptLibrary.Package} is not installed";
}
