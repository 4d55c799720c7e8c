using System.Text.Json;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

public sealed class SearchCommandTests : IDisposable
{
    private static readonly string[] Names =
        ["a bass 120bpm Am.wav", "b drums 121 bpm.wav", "c 90bpm C major.wav", "d vocals.wav", "e bass.wav"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _library, _catalogue, _mix;

    public SearchCommandTests()
    {
        _library = _folder.PathOf("library");
        _catalogue = _folder.PathOf("catalogue");
        Directory.CreateDirectory(_library);
        for (int i = 0; i < Names.Length; i++)
            TestWav.Tone(PathOf(i), 60 * (i + 1));
        _mix = TestWav.Tone(_folder.PathOf("mix.wav"), 330);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("single")]
    [InlineData("int8")]
    public async Task Json_is_that_of_rank_with_the_same_order_and_affinities(string precision)
    {
        await Index("--precision", precision);
        ToolResult ranked = await ToolRun.WithModel("rank", _mix, _library, "--stem", "bass", "--json");
        ToolResult result = await Search("--any-stem");

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(ToolResult.Names(ranked.Json), ToolResult.Names(result.Json));
        Assert.Equal(("bass", _mix), (result.Json.GetProperty("stem").GetString(), result.Json.GetProperty("mix").GetString()));
        Assert.Equal(Files(ranked.Json), Files(result.Json));
        Assert.All(Affinities(ranked.Json).Zip(Affinities(result.Json)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Equal(Files(ranked.Json)[..2], Files((await Search("--any-stem", "--top", "2")).Json));
    }

    [Fact]
    public async Task Filters_leave_what_they_ask_for()
    {
        await Index();
        await Expect([0, 2, 4]);
        await Expect([0, 1, 2, 3, 4], "--any-stem");
        await Expect([0], "--tempo", "5%", "--mix-tempo", "118");
        await Expect([0, 1], "--tempo", "5%", "--mix-tempo", "118", "--any-stem");
        await Expect([], "--tempo", "1%", "--mix-tempo", "100");
        await Expect([0, 2], "--key", "compatible", "--mix-key", "A minor");
        await Expect([0], "--key", "same", "--mix-key", "Am");
        await Expect([2], "--key", "C major");
        await Expect([4], "--path", "*e bass*");
        await Expect([], "--tag", "none has this one");
        string telling = TestWav.Tone(_folder.PathOf("mix 88bpm G major.wav"), 330);
        Assert.Equal([PathOf(2)], Files((await ToolRun.WithModel("search", telling, "--stem", "drums", "--in", _catalogue, "--tempo", "3%",
            "--key", "compatible", "--json")).Json));
    }

    [Fact]
    public async Task Lengths_leave_what_is_within_them()
    {
        TestWav.Tone(PathOf(2), 180, seconds: 3);
        await Index();
        await Expect([2], "--min-seconds", "2");
        await Expect([0, 4], "--max-seconds", "1");
        await Expect([0, 2, 4], "--min-seconds", "1", "--max-seconds", "3");
        (await Search("--min-seconds", "-1")).IsRefused(2, "--min-seconds -1");
        (await Search("--max-seconds", "NaN")).IsRefused(2, "--max-seconds NaN");
    }

    [Fact]
    public async Task Filters_for_what_is_not_known_are_refused_in_one_sentence()
    {
        foreach (string name in Names[..3])
            File.Delete(Path.Combine(_library, name));
        await Index();
        (await Search("--tempo", "5%", "--mix-tempo", "120")).IsRefused(1, "knows the tempo of no recording");
        (await Search("--key", "Am")).IsRefused(1, "knows the key of no recording");
        (await Search("--tempo", "5%")).IsRefused(2, "--mix-tempo");
        (await Search("--key", "compatible")).IsRefused(2, "--mix-key");
        (await Search("--tempo", "fast", "--mix-tempo", "120")).IsRefused(2, "fast");
        (await Search("--tempo", "5%", "--mix-tempo", "-3")).IsRefused(2, "-3");
        (await Search("--key", "H")).IsRefused(2, "'H'");
        (await Search("--top", "0")).IsRefused(2, "--top");
    }

    [Fact]
    public async Task What_is_no_catalogue_or_another_models_is_refused()
    {
        (await Search()).IsRefused(2, _catalogue);
        (await ToolRun.InProcess("stats", "--in", _catalogue)).IsRefused(2, _catalogue);
        (await ToolRun.InProcess("stats", "--in", _library, "--json")).IsRefused(1, _library);
        ModelInfo other = ModelInfo.Load(ToolRun.Model);
        CatalogWriter.Open(_catalogue, other with { Sha256 = other.Sha256.ToDictionary(pair => pair.Key, _ => new string('0', 64)) })
            .Dispose();
        (await Search()).IsRefused(1, "holds embeddings of the model");
        (await ToolRun.WithModel("index", _library, "--to", _catalogue)).IsRefused(1, "holds embeddings of the model");
    }

    [Fact]
    public async Task Stats_count_what_the_catalogue_holds()
    {
        await Index();
        JsonElement json = (await ToolRun.InProcess("stats", "--in", _catalogue, "--json")).Json;
        Assert.Equal(["catalogue", "model", "embedding_length", "precision", "recordings", "stems", "hours", "known_tempo", "known_key",
            "silent", "bytes", "segments", "dead"],
            ToolResult.Names(json));
        Assert.Equal(5, json.GetProperty("recordings").GetInt32());
        Assert.Equal((2, 1, 0, 1, 1), (Of("bass"), Of("drums"), Of("other"), Of("vocals"), Of("unknown")));
        Assert.Equal((3, 2), (json.GetProperty("known_tempo").GetInt32(), json.GetProperty("known_key").GetInt32()));
        Assert.Equal(5.0 / 3600, json.GetProperty("hours").GetDouble(), 1e-9);
        string[] files = ["catalog.db", "catalog.db-wal", "vectors-1.bin"];
        Assert.Equal(files.Select(name => new FileInfo(Path.Combine(_catalogue, name))).Where(file => file.Exists).Sum(file => file.Length),
            json.GetProperty("bytes").GetInt64());
        Assert.Contains("bass", (await ToolRun.InProcess("stats", "--in", _catalogue)).Output);
        int Of(string stem) => json.GetProperty("stems").GetProperty(stem).GetInt32();
    }

    [Fact]
    public async Task Table_lists_the_best_first()
    {
        await Index();
        string[] files = Files((await Search()).Json);
        string table = (await ToolRun.WithModel("search", _mix, "--stem", "bass", "--in", _catalogue)).Output;
        Assert.True(table.IndexOf(files[0], StringComparison.Ordinal) < table.IndexOf(files[1], StringComparison.Ordinal));
    }

    private async Task Expect(int[] expected, params string[] options) =>
        Assert.Equal(expected.Select(PathOf), Files((await Search(options)).Json).Order(StringComparer.Ordinal));

    private string PathOf(int index) => Path.Combine(_library, Names[index]);

    private Task<ToolResult> Index(params string[] more) => ToolRun.WithModel(["index", _library, "--to", _catalogue, .. more]);

    private Task<ToolResult> Search(params string[] more) =>
        ToolRun.WithModel(["search", _mix, "--stem", "bass", "--in", _catalogue, "--json", .. more]);

    private static string[] Files(JsonElement report) =>
        [.. report.GetProperty("results").EnumerateArray().Select(ranked => ranked.GetProperty("file").GetString()!)];

    private static float[] Affinities(JsonElement report) =>
        [.. report.GetProperty("results").EnumerateArray().Select(ranked => ranked.GetProperty("affinity").GetSingle())];
}
