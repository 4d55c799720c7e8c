using Spectre.Console;
using StemJepa.TestSupport;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>
/// Oracle: a synthesiser that plays a family's parts alone. The song has reverb and chorus, a lead of pipes, and in other chords of a
/// guitar, lower strings, pipes, a second bass, and an organ that enters after the excerpt.
/// </summary>
public sealed class FamilyStemsTests : IDisposable
{
    private const int Beats = 28;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_program_has_the_family_that_its_name_says_or_none()
    {
        Assert.Equal(["keys", "mallets", "organ", "guitar", "strings", "percussion", "choir", "brass", "reeds", "pipes", "synth-lead",
            "synth-pad"], InstrumentFamilies.All);
        var samples = new Dictionary<int, string?>
        {
            [0] = "keys", [7] = "keys", [13] = "mallets", [19] = "organ", [24] = "guitar", [31] = "guitar", [33] = null, [39] = null,
            [40] = "strings", [46] = "strings", [47] = "percussion", [48] = "strings", [51] = "strings", [52] = "choir", [54] = "choir",
            [55] = null, [56] = "brass", [63] = "brass", [65] = "reeds", [73] = "pipes", [80] = "synth-lead", [89] = "synth-pad",
            [103] = "synth-pad", [105] = "guitar", [108] = "mallets", [109] = "reeds", [110] = "strings", [114] = "mallets",
            [117] = "percussion", [118] = "percussion", [119] = null, [127] = null,
        };
        Assert.All(samples, s => Assert.Equal(s.Value, InstrumentFamilies.Of(s.Key)));
    }

    [FactWithSynthesiser]
    public async Task Families_are_what_their_parts_play_alone_and_the_four_stems_stay_the_same()
    {
        (SourceSong song, RenderPlan plan) = Song();
        Assert.Null(await new SongRenderer(_folder.PathOf("without")).RenderAsync(song, plan, CancellationToken.None));
        Assert.Null(await new SongRenderer(_folder.PathOf("with"), families: true).RenderAsync(song, plan, CancellationToken.None));
        string folder = _folder.PathOf("with/train/tiny");
        foreach (string file in Directory.GetFiles(_folder.PathOf("without/train/tiny"), "*.wav"))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(file))));
        Assert.Null(SongRecord.Load(_folder.PathOf("without/train/tiny")).Families);
        IReadOnlyDictionary<string, IReadOnlyList<string>> families = SongRecord.Load(folder).Families!;
        Assert.Equal(["guitar", "pipes", "strings"], families.Keys.Order());
        Assert.Equal(["other"], families["guitar"]);
        Assert.Equal(["other"], families["strings"]);
        Assert.Equal(["other", "vocals"], families["pipes"]);
        Assert.Equal(["guitar.wav", "pipes.wav", "strings.wav"],
            Directory.GetFiles(Path.Combine(folder, "families")).Select(Path.GetFileName).Order());

        Dictionary<string, float[]> stems = families.Keys.ToDictionary(f => f, f => Read(SongFamilies.PathIn(folder, f)));
        float[] other = Read(Path.Combine(folder, "other.wav")), vocals = Read(Path.Combine(folder, "vocals.wav"));
        Assert.All(stems.Values, s => Assert.Equal(other.Length, s.Length));
        float[] bassInOther = Alone(song, plan, 33, Stem.Other);
        double gain = other.Zip(AllOf(song, plan, Stem.Other)).Sum(p => (double)p.First * p.Second)
            / AllOf(song, plan, Stem.Other).Sum(s => (double)s * s);
        foreach ((string family, int program, Stem role) in new[] { ("guitar", 25, Stem.Other), ("strings", 48, Stem.Other) })
            AssertEqual(Alone(song, plan, program, role), stems[family], gain);
        float[] left = [.. Enumerable.Range(0, other.Length).Select(i => other[i] + vocals[i] - stems.Values.Sum(s => s[i]))];
        AssertEqual(bassInOther, left, gain);
    }

    [FactWithSynthesiser]
    public async Task A_family_that_is_all_of_its_roles_is_named_without_a_file()
    {
        (SourceSong song, RenderPlan plan) = Song();
        plan = plan with { Programs = plan.Programs.ToDictionary(p => p.Key, p => song.Roles[p.Key] == Stem.Other ? 16 : p.Value) };
        Assert.Null(await new SongRenderer(_folder.Root, families: true).RenderAsync(song, plan, CancellationToken.None));
        string folder = _folder.PathOf("train/tiny");
        IReadOnlyDictionary<string, IReadOnlyList<string>> families = SongRecord.Load(folder).Families!;
        Assert.Equal(["organ", "pipes"], families.Keys);
        Assert.Equal(["other"], families["organ"]);
        Assert.Equal(["vocals"], families["pipes"]);
        Assert.False(Directory.Exists(Path.Combine(folder, "families")));
    }

    [FactWithSynthesiser]
    public async Task Only_songs_that_were_finished_without_families_are_rendered_again()
    {
        int rendered = 0;
        var item = new CorpusItem("tiny", SongSplit.Train, null, _ =>
        {
            rendered++;
            return Task.FromResult(Song());
        });
        foreach ((bool families, int expected) in new[] { (false, 1), (false, 1), (true, 2), (true, 2), (false, 2) })
        {
            using var writer = new CorpusWriter(_folder.PathOf("corpus"), 1, families,
                AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }));
            await writer.WriteAsync([[item]], CancellationToken.None);
            Assert.Equal(expected, rendered);
        }
        Assert.Equal(["guitar", "pipes", "strings"], SongFamilies.Read(_folder.PathOf("corpus/train/tiny")).Keys.Order());
    }

    private static (SourceSong, RenderPlan) Song()
    {
        MidiFile file = new SongSketch().Line(9, 0, "", Beats, 36).Line(0, 33, "low", Beats, 36)
            .Part(1, 25, "chords", [.. Enumerable.Repeat(new[] { 60, 64, 67 }, Beats)]).Line(3, 48, "", Beats, 52, 55)
            .Line(4, 33, "second bass", Beats, 43).Line(5, 72, "", Beats, 79)
            .Part(6, 19, "late", [.. Enumerable.Repeat(Array.Empty<int>(), Beats), [60]]).Line(2, 73, "lead", Beats, 84).File();
        var midi = new MidiSong(file, "tiny");
        Dictionary<Part, Stem> roles = midi.Parts.ToDictionary(p => p,
            p => p.Channel switch { 9 => Stem.Drums, 0 => Stem.Bass, 2 => Stem.Vocals, _ => Stem.Other });
        var song = new SourceSong(new MidiSource("tiny", "none", "1", "tiny.mid", null, "MIT", MidiWriter.Write(file)), midi, roles,
            IsTest: false);
        RenderPlan plan = RenderPlan.Original(midi, 1);
        return (song, plan with { SoundFont = SoundFont.TimGm6Mb, EndTick = Beats * SongSketch.Quarter });
    }

    private static float[] Alone(SourceSong song, RenderPlan plan, int program, Stem role)
    {
        Part[] parts = [.. StemSynthesis.PartsOf(song, role).Where(p => p.Program == program)];
        return StemSynthesis.Render(song with { Roles = song.Midi.Parts.ToDictionary(p => p, p => parts.Contains(p) ? role : Stem.Drums) },
            role, plan, CancellationToken.None);
    }

    private static float[] AllOf(SourceSong song, RenderPlan plan, Stem role) =>
        StemSynthesis.Render(song, role, plan, CancellationToken.None);

    private static float[] Read(string path) => AudioClip.Load(path).Samples.ToArray();

    /// <summary>
    /// Equal but for the last bits of 16, and for one sample in 500, with which libfluidsynth's voices may begin otherwise.
    /// </summary>
    private static void AssertEqual(float[] expected, float[] found, double gain)
    {
        Assert.InRange(expected.Max(Math.Abs) * gain, 0.1, 1);
        double[] differences = [.. found.Select((value, i) => Math.Abs(value - gain * (i < expected.Length ? expected[i] : 0)))];
        Assert.InRange(differences.Max(), 0, 0.004);
        Assert.InRange(differences.Count(difference => difference > 4 / 32768.0), 0, found.Length / 500);
    }
}
