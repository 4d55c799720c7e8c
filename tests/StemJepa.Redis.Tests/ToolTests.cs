using System.Text.Json;
using StemJepa.TestSupport;
using StemJepa.Tool.Tests;

namespace StemJepa.Redis.Tests;

/// <summary>The tool with a catalogue on a server. Oracle: the tool with one in a folder.</summary>
[Collection(OneServer.Name)]
public sealed class ToolTests : IDisposable
{
    private static readonly string[] Names =
        ["a bass 120bpm Am.wav", "b drums 121 bpm.wav", "c 90bpm C major.wav", "d vocals.wav", "e bass.wav"];
    private readonly TemporaryFolder _folder = new();
    private readonly OneServer _one;
    private readonly string _library, _mix, _address;

    public ToolTests(OneServer one)
    {
        _one = one;
        _library = _folder.PathOf("library");
        Directory.CreateDirectory(_library);
        for (int i = 0; i < Names.Length; i++)
            TestWav.Tone(Path.Combine(_library, Names[i]), 60 * (i + 1));
        _mix = TestWav.Tone(_folder.PathOf("mix.wav"), 330);
        _address = one.NewAddress();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Index_search_and_stats_say_what_they_say_of_a_folder()
    {
        string place = _folder.PathOf("catalogue");
        ToolResult inFolder = await Index(place), onServer = await Index(_address);
        Assert.Equal(("", 0), (onServer.Error, onServer.ExitCode));
        Assert.Equal(inFolder.Output.Replace(place, _address), onServer.Output);
        foreach (string[] options in new string[][] { [], ["--any-stem"], ["--tempo", "5%", "--mix-tempo", "118", "--any-stem"],
            ["--key", "compatible", "--mix-key", "Am"], ["--path", "*e bass*"] })
        {
            (string, string)[] expected = Ranking(await Search(place, options));
            Assert.Equal(expected, Ranking(await Search(_address, options)));
            Assert.Equal(expected, Ranking(await Search(_address, [.. options, "--exact"])));
        }
        JsonElement counted = (await ToolRun.InProcess("stats", "--in", _address, "--json")).Json,
            expectedCounts = (await ToolRun.InProcess("stats", "--in", place, "--json")).Json;
        Assert.Equal(ToolResult.Names(expectedCounts), ToolResult.Names(counted));
        foreach (string name in new[] { "model", "embedding_length", "precision", "recordings", "stems", "hours", "known_tempo",
            "known_key", "silent", "dead" })
            Assert.Equal(expectedCounts.GetProperty(name).GetRawText(), counted.GetProperty(name).GetRawText());
        Assert.True(counted.GetProperty("bytes").GetInt64() > 5 * 4 * counted.GetProperty("embedding_length").GetInt32());
    }

    [Fact]
    public async Task A_second_run_listens_to_changed_and_new_files_only_and_shards_fill_one_catalogue()
    {
        ToolResult[] shards = [await Index(_address, "--shard", "1/2"), await Index(_address, "--shard", "2/2")];
        Assert.Equal(Names.Length, shards.Sum(result => result.Json.GetProperty("indexed").GetInt32()));
        TestWav.Tone(Path.Combine(_library, Names[0]), 75);
        TestWav.Tone(Path.Combine(_library, "new.wav"), 500);
        TestWav.Truncated(Path.Combine(_library, "bad.wav"));
        ToolResult second = await Index(_address);
        Assert.Equal((1, 2, 4, 6, 1),
            (second.ExitCode, second.Json.GetProperty("indexed").GetInt32(), second.Json.GetProperty("unchanged").GetInt32(),
            second.Json.GetProperty("recordings").GetInt32(), second.Json.GetProperty("skipped").GetArrayLength()));
        Assert.Equal(0, (await Index(_address, "--stem", "vocals")).Json.GetProperty("indexed").GetInt32());
        Assert.Equal(6,
            (await ToolRun.InProcess("stats", "--in", _address, "--json")).Json.GetProperty("stems").GetProperty("vocals").GetInt32());
    }

    [Fact]
    public async Task Wrong_use_and_missing_servers_are_told_in_one_sentence()
    {
        (await Index("redis://host")).IsRefused(2, "redis://HOST:PORT/NAME");
        (await Index(_address, "--precision", "int8")).IsRefused(2, "--precision int8");
        (await Search("redis://user:secret@host/a/b")).IsRefused(2, "--in");
        (await Search(_address)).IsRefused(1, $"{_address} is not there");
        (await ToolRun.InProcess("stats", "--in", _address)).IsRefused(1, _address);
        await using GarnetServer gone = await GarnetServer.StartAsync();
        gone.Kill();
        ToolResult refused =
            (await ToolRun.InProcess("stats", "--in", $"redis://:secret@{gone.Endpoint}/library")).IsRefused(1, gone.Endpoint);
        Assert.DoesNotContain("secret", refused.Error);
    }

    private static (string, string)[] Ranking(ToolResult result) =>
        [.. result.Json.GetProperty("results").EnumerateArray()
        .Select(ranked => (ranked.GetProperty("file").GetString()!, ranked.GetProperty("affinity").GetSingle().ToString("0.00000")))];

    private Task<ToolResult> Index(string place, params string[] more) =>
        ToolRun.WithModel(["index", _library, "--to", place, "--json", .. more]);

    private Task<ToolResult> Search(string place, params string[] more) =>
        ToolRun.WithModel(["search", _mix, "--stem", "bass", "--in", place, "--json", .. more]);
}
