using System.Text.Json;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

public sealed class RankCommandTests
{
    [Fact]
    public async Task Json_has_the_names_of_the_contract_and_the_librarys_order()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        string[] candidates = [TestWav.Tone(folder.PathOf("a.wav"), 55), TestWav.Tone(folder.PathOf("b.wav"), 82),
            TestWav.Tone(folder.PathOf("c.wav"), 2000)];

        ToolResult result = await ToolRun.WithModel(["rank", mix, .. candidates, "--stem", "bass", "--json"]);

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        JsonElement json = result.Json;
        Assert.Equal(["stem", "mix", "results", "skipped"], ToolResult.Names(json));
        Assert.All(json.GetProperty("results").EnumerateArray(), ranked => Assert.Equal(["file", "affinity"], ToolResult.Names(ranked)));
        Assert.Empty(json.GetProperty("skipped").EnumerateArray());
        using StemAffinity model = StemAffinity.Load(ToolRun.Model);
        IReadOnlyList<RankedStem> expected = model.Rank(AudioClip.Load(mix), [.. candidates.Select(AudioClip.Load)], Stem.Bass);
        Assert.Equal(expected.Select(ranked => candidates[ranked.Index]), Files(json));
    }

    [Fact]
    public async Task In_time_gives_the_librarys_coherence_and_affinity_in_time()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        string[] candidates = [TestWav.Tone(folder.PathOf("a.wav"), 55), TestWav.Tone(folder.PathOf("b.wav"), 82),
            TestWav.Tone(folder.PathOf("c.wav"), 2000)];

        ToolResult result = await ToolRun.WithModel(["rank", mix, .. candidates, "--stem", "bass", "--in-time", "--json"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using StemAffinity model = StemAffinity.Load(ToolRun.Model);
        AudioClip[] clips = [.. candidates.Select(path => AudioClip.Load(path))];
        IReadOnlyList<float> coherences = new StemCoherence(model).Score(AudioClip.Load(mix), clips, Stem.Bass);
        Dictionary<int, float> affinities = model.Rank(AudioClip.Load(mix), clips, Stem.Bass, AffinityComparison.InTime)
            .ToDictionary(ranked => ranked.Index, ranked => ranked.Affinity);
        int[] expected = [.. Enumerable.Range(0, clips.Length).OrderByDescending(i => coherences[i])];
        Assert.Equal(expected.Select(i => candidates[i]), Files(result.Json));
        Assert.All(expected.Zip(result.Json.GetProperty("results").EnumerateArray()), pair =>
        {
            Assert.Equal(affinities[pair.First], pair.Second.GetProperty("affinity").GetSingle(), 1e-5f);
            Assert.Equal(coherences[pair.First], pair.Second.GetProperty("coherence").GetSingle(), 1e-5f);
        });
    }

    [Fact]
    public async Task Folder_is_searched_below_sorted_by_affinity_without_the_mix_and_without_other_files()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("deeper/still"));
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        string[] candidates = [TestWav.Tone(folder.PathOf("a.wav"), 55), TestWav.Tone(folder.PathOf("deeper/B.WAV"), 82),
            TestWav.Tone(folder.PathOf("deeper/still/c.wav"), 700)];
        File.WriteAllText(folder.PathOf("notes.txt"), "not audio");
        TestWav.Tone(folder.PathOf("._a.wav"), 55);

        ToolResult result = await ToolRun.WithModel("rank", mix, folder.Root, "--stem", "drums", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(candidates.Order(StringComparer.Ordinal), Files(result.Json).Order(StringComparer.Ordinal));
        float[] affinities =
            [.. result.Json.GetProperty("results").EnumerateArray().Select(ranked => ranked.GetProperty("affinity").GetSingle())];
        Assert.Equal(affinities.OrderDescending(), affinities);
    }

    [Fact]
    public async Task Top_keeps_the_best()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        TestWav.Tone(folder.PathOf("a.wav"), 55);
        TestWav.Tone(folder.PathOf("b.wav"), 82);
        TestWav.Tone(folder.PathOf("c.wav"), 700);

        ToolResult all = await ToolRun.WithModel("rank", mix, folder.Root, "--stem", "vocals", "--json");
        ToolResult top = await ToolRun.WithModel("rank", mix, folder.Root, "--stem", "vocals", "--json", "--top", "2");

        Assert.Equal(Files(all.Json).Take(2), Files(top.Json));
    }

    [Fact]
    public async Task Bad_files_are_reported_and_skipped_the_rest_is_ranked_and_the_exit_code_says_so()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        string[] good = [TestWav.Tone(folder.PathOf("a.wav"), 55), TestWav.Tone(folder.PathOf("b.wav"), 82)];
        string[] bad = [TestWav.Empty(folder.PathOf("empty.wav")), TestWav.HeaderOnly(folder.PathOf("header.wav")),
            TestWav.NaN(folder.PathOf("nan.wav")), TestWav.Truncated(folder.PathOf("truncated.wav"))];

        ToolResult result = await ToolRun.WithModel("rank", mix, folder.Root, "--stem", "bass", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(good, Files(result.Json).Order(StringComparer.Ordinal));
        JsonElement[] skipped = [.. result.Json.GetProperty("skipped").EnumerateArray()];
        Assert.Equal(bad, skipped.Select(file => file.GetProperty("file").GetString()!));
        Assert.All(skipped, file => Assert.Equal(["file", "error"], ToolResult.Names(file)));
        Assert.All(skipped, file => Assert.NotEqual("", file.GetProperty("error").GetString()));
        Assert.Equal(bad.Length, result.HasNoStackTrace().Error.TrimEnd().Split('\n').Length);
        Assert.All(bad, file => Assert.Contains($"skipped {file}: ", result.Error));
    }

    [Fact]
    public async Task A_given_file_that_does_not_exist_is_skipped()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        string good = TestWav.Tone(folder.PathOf("a.wav"), 55);

        ToolResult result = await ToolRun.WithModel("rank", mix, good, folder.PathOf("missing.wav"), "--stem", "bass", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal([good], Files(result.Json));
        Assert.Equal(folder.PathOf("missing.wav"), result.Json.GetProperty("skipped")[0].GetProperty("file").GetString());
    }

    [Fact]
    public async Task Table_lists_the_best_first()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        TestWav.Tone(folder.PathOf("a.wav"), 55);
        TestWav.Tone(folder.PathOf("b.wav"), 82);

        ToolResult json = await ToolRun.WithModel("rank", mix, folder.Root, "--stem", "bass", "--json");
        ToolResult table = await ToolRun.WithModel("rank", mix, folder.Root, "--stem", "bass");

        string[] files = Files(json.Json);
        Assert.True(table.Output.IndexOf(files[0], StringComparison.Ordinal) < table.Output.IndexOf(files[1], StringComparison.Ordinal));
        Assert.Equal(0, table.ExitCode);
    }

    private static string[] Files(JsonElement report) =>
        [.. report.GetProperty("results").EnumerateArray().Select(ranked => ranked.GetProperty("file").GetString()!)];
}
