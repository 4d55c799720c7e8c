using System.Text.Json;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>Key, tempo and percentiles in search and rank.</summary>
public sealed class MatchTests : IDisposable
{
    private static readonly string[] Names =
        ["a 60bpm.wav", "b 120bpm Am.wav", "c 240bpm C major.wav", "d 90bpm F# major.wav", "e.wav", "f 122bpm Bbm.wav"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _library, _catalogue, _mix;

    public MatchTests()
    {
        (_library, _catalogue) = (_folder.PathOf("library"), _folder.PathOf("catalogue"));
        Directory.CreateDirectory(_library);
        for (int i = 0; i < Names.Length; i++)
            TestWav.Tone(Path.Combine(_library, Names[i]), 60 * (i + 1));
        _mix = TestWav.Tone(_folder.PathOf("mix.wav"), 330);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("012 5", "--tempo", "6%", "--mix-tempo", "120")]
    [InlineData("1 5", "--tempo", "6%", "--mix-tempo", "120", "--exact-tempo")]
    [InlineData("012 4 5", "--tempo", "6%", "--mix-tempo", "120", "--unknown", "keep")]
    [InlineData("1 2", "--key", "compatible", "--mix-key", "Am")]
    [InlineData("0 1 2 4", "--key", "compatible", "--mix-key", "Am", "--unknown", "keep")]
    [InlineData("1", "--key", "same", "--mix-key", "Am", "--tempo", "1%", "--mix-tempo", "120")]
    public async Task Search_and_rank_leave_the_same_recordings(string expected, params string[] options)
    {
        await Run("index", _library, "--to", _catalogue);
        JsonElement found = (await Run(["search", _mix, "--stem", "bass", "--in", _catalogue, "--json", .. options])).Json;
        JsonElement ranked = (await Run(["rank", _mix, _library, "--stem", "bass", "--json", .. options])).Json;
        string[] names = [.. expected.Replace(" ", "").Select(digit => Path.Combine(_library, Names[digit - '0']))];
        Assert.Equal(names, Files(found).Order(StringComparer.Ordinal));
        Assert.Equal(Files(found), Files(ranked));
        Assert.Equal(Names.Length - names.Length, ranked.GetProperty("left_out").GetInt32());
    }

    [Fact]
    public async Task Results_say_how_key_and_tempo_relate()
    {
        await Run("index", _library, "--to", _catalogue);
        JsonElement json =
            (await Run("search", _mix, "--stem", "bass", "--in", _catalogue, "--json", "--mix-key", "C", "--mix-tempo", "118")).Json;
        Assert.Equal(("C major", 118), (json.GetProperty("mix_key").GetString(), json.GetProperty("mix_tempo").GetDouble()));
        JsonElement[] results = [.. json.GetProperty("results").EnumerateArray()];
        JsonElement Of(int index) =>
            results.Single(result => result.GetProperty("file").GetString() == Path.Combine(_library, Names[index]));
        Assert.Equal(("relative", 0), (Of(1).GetProperty("key_relation").GetString(), Of(1).GetProperty("key_semitones").GetInt32()));
        Assert.Equal(("far", 1), (Of(3).GetProperty("key_relation").GetString(), Of(3).GetProperty("key_semitones").GetInt32()));
        Assert.Equal(("half", 59.0 / 60),
            (Of(0).GetProperty("tempo_relation").GetString(), Math.Round(Of(0).GetProperty("tempo_ratio").GetDouble(), 4)),
            new RatioComparer());
        Assert.Equal(("A minor", 120.0, 1.0), (Of(1).GetProperty("key").GetString(), Of(1).GetProperty("tempo").GetDouble(),
            Of(1).GetProperty("seconds").GetDouble()));
        Assert.False(Of(4).TryGetProperty("key", out _));
        string table = (await Run("search", _mix, "--stem", "bass", "--in", _catalogue, "--mix-key", "C", "--mix-tempo", "118")).Output;
        Assert.Contains("relative key, same tempo (x 0.983)", table);
    }

    [Fact]
    public async Task A_table_says_how_many_are_left_out_and_whether_any_is_left()
    {
        string[] options = ["--stem", "bass", "--tempo", "6%", "--mix-tempo", "120", "--exact-tempo"];
        Assert.Contains("4 left out: their key or tempo does not match", (await Run(["rank", _mix, _library, .. options])).Output);
        Assert.DoesNotContain("left out", (await Run("rank", _mix, _library, "--stem", "bass")).Output);
        await Run("index", _library, "--to", _catalogue);
        string found = (await Run(["search", _mix, "--in", _catalogue, .. options])).Output;
        Assert.DoesNotContain("No recording matches", found);
        Assert.Contains("No recording matches.",
            (await Run(["search", _mix, "--in", _catalogue, .. options, "--key", "E"])).Output);
    }

    [Fact]
    public async Task Wrong_use_is_told_in_one_sentence()
    {
        (await Run("rank", _mix, _library, "--stem", "bass", "--unknown", "maybe")).IsRefused(2, "maybe");
        (await Run("rank", _mix, _library, "--stem", "bass", "--key", "same")).IsRefused(2, "--mix-key");
        (await Run("rank", _mix, _library, "--stem", "bass", "--tempo", "fast")).IsRefused(2, "fast");
        (await Run("rank", _mix, _library, "--stem", "bass", "--key", "H")).IsRefused(2, "'H'");
        (await Run("rank", _mix, _library, "--stem", "bass", "--mix-tempo", "0")).IsRefused(2, "--mix-tempo 0");
    }

    /// <summary>Oracle: the analyser's own answer for the mix.</summary>
    [ShippedHeadsFact]
    public async Task The_mix_tells_its_key_and_tempo_by_its_sound()
    {
        string mix = Golden.PathOf("mix.wav"), library = _folder.PathOf("named");
        using StemAffinity model = StemAffinity.Create();
        using StemAnalyzer analyzer = StemAnalyzer.Create(model);
        StemAnalysis analysis = analyzer.Analyze(AudioClip.Load(mix));
        var other = new MusicalKey((analysis.Key.Tonic + 6) % 12, analysis.Key.IsMinor);
        Directory.CreateDirectory(library);
        string Named(string name, MusicalKey key, double tempo) => TestWav.Tone(Path.Combine(library, FormattableString.Invariant(
            $"{name} {key.ToString().Replace(" major", "maj").Replace(" minor", "m")} {tempo:0.0}bpm.wav")), 100 + 10 * name.Length);
        string right = Named("right", analysis.Key, analysis.Tempo);
        Named("wrong key", other, analysis.Tempo);
        Named("wrong tempo", analysis.Key, 1.3 * analysis.Tempo);
        await ToolRun.InProcess("index", library, "--to", _catalogue, "--no-analysis");
        ToolResult found = await ToolRun.InProcess(
            "search", mix, "--stem", "bass", "--in", _catalogue, "--json", "--key", "same", "--tempo", "3%");
        Assert.Equal(0, found.ExitCode);
        Assert.Equal([right], Files(found.Json));
        Assert.Equal(analysis.Key.ToString(), found.Json.GetProperty("mix_key").GetString());
        Assert.Equal(analysis.Tempo, found.Json.GetProperty("mix_tempo").GetDouble(), 1e-3);
    }

    /// <summary>Oracle: counting affinities of the recordings that the background was written from.</summary>
    [Fact]
    public async Task Rank_says_how_many_of_the_background_fit_less()
    {
        string folder = _folder.PathOf("model");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(ToolRun.Model))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        using StemAffinity model = StemAffinity.Load(folder);
        float[][] directions = [.. Enumerable.Range(0, 40).Select(i =>
            model.Embed(AudioClip.Load(TestWav.Tone(_folder.PathOf("tone.wav"), 50 + 37 * i))).UnitVector.ToArray())];
        BackgroundFile.Write(folder, new BackgroundContent(model.Model.Hash, "tones", [directions, directions, directions, directions]));
        StemEmbedding prediction = model.Predict(AudioClip.Load(_mix), Stem.Drums);
        float[] affinities = [.. directions.Select(direction => prediction.Similarity(new StemEmbedding(direction)))];

        ToolResult ranked = await ToolRun.InProcess("rank", _mix, _library, "--stem", "drums", "--json", "--model", folder);
        foreach (JsonElement result in ranked.Json.GetProperty("results").EnumerateArray())
        {
            float affinity = result.GetProperty("affinity").GetSingle();
            Assert.Equal(affinities.Count(other => other < affinity) / 40.0, result.GetProperty("percentile").GetDouble(), 0.051);
        }
        string table = (await ToolRun.InProcess("rank", _mix, _library, "--stem", "drums", "--model", folder)).Output;
        Assert.Matches("Fits better than.*[0-9]+% of drums", table.ReplaceLineEndings(" "));
        ToolResult inTime =
            await ToolRun.InProcess("rank", _mix, _library, "--stem", "drums", "--json", "--in-time", "--model", folder);
        Assert.False(inTime.Json.GetProperty("results")[0].TryGetProperty("percentile", out _));
    }

    /// <summary>Oracle: counting affinities of all the recordings, which are all drawn.</summary>
    [Fact]
    public async Task Without_a_background_search_compares_with_the_catalogues_own()
    {
        for (int i = 0; i < 50; i++)
            TestWav.Tone(Path.Combine(_library, $"bass {i}.wav"), 50 + 37 * i);
        await Run("index", _library, "--to", _catalogue);
        JsonElement json = (await Run("search", _mix, "--stem", "bass", "--in", _catalogue, "--top", "99", "--json")).Json;
        float[] basses = [.. json.GetProperty("results").EnumerateArray()
            .Where(result => result.GetProperty("file").GetString()!.Contains("/bass ")).Select(Affinity)];
        Assert.Equal(50, basses.Length);
        Assert.All(json.GetProperty("results").EnumerateArray(), result => Assert.Equal(
            basses.Count(other => other < Affinity(result)) / 50.0, result.GetProperty("percentile").GetDouble(), 0.0201));
        static float Affinity(JsonElement result) => result.GetProperty("affinity").GetSingle();
    }

    private static Task<ToolResult> Run(params string[] arguments) => ToolRun.WithModel(arguments);

    private static string[] Files(JsonElement report) =>
        [.. report.GetProperty("results").EnumerateArray().Select(ranked => ranked.GetProperty("file").GetString()!)];

    private sealed class RatioComparer : IEqualityComparer<(string?, double)>
    {
        public bool Equals((string?, double) x, (string?, double) y) => x.Item1 == y.Item1 && Math.Abs(x.Item2 - y.Item2) < 1e-3;

        public int GetHashCode((string?, double) value) => 0;
    }
}
