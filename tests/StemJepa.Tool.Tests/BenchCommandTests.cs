using System.Text.Json;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

public sealed class BenchCommandTests
{
    private static readonly string[] Names =
        ["clips_per_second", "real_time_factor", "p50_ms", "p99_ms", "cold_start_ms", "peak_memory_mb"];

    [Fact]
    public async Task Json_has_the_names_of_the_contract_and_figures_that_agree()
    {
        ToolResult result = await ToolRun.WithModel("bench", "--json", "--seconds", "0.2");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        JsonElement json = result.Json;
        Assert.Equal(Names, ToolResult.Names(json));
        Assert.All(Names, name => Assert.True(json.GetProperty(name).GetDouble() > 0, name));
        Assert.InRange(json.GetProperty("real_time_factor").GetDouble() * 8 * json.GetProperty("clips_per_second").GetDouble(), 0.95, 1.05);
        Assert.True(json.GetProperty("p99_ms").GetDouble() >= json.GetProperty("p50_ms").GetDouble());
    }

    [Theory]
    [InlineData("0.001", 0)]
    [InlineData("1e9", 1)]
    public async Task Slower_run_than_the_earlier_one_fails_and_a_faster_one_does_not(string earlierClips, int exitCode)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("earlier.json"),
            "{" + string.Join(",", Names.Select(name => $"\"{name}\": {(name == Names[0] ? earlierClips : "1")}")) + "}");

        ToolResult result = await ToolRun.WithModel("bench", "--seconds", "0.1", "--against", folder.PathOf("earlier.json"));

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(exitCode == 1, result.Error.Contains("earlier.json"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("")]
    public async Task Earlier_run_that_is_none_is_refused_by_name(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("earlier.json"), content);

        ToolResult result = await ToolRun.InProcess("bench", "--seconds", "0.1", "--against", folder.PathOf("earlier.json"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("earlier.json", result.Error);
    }

    [Fact]
    public async Task Times_out_of_range_are_misuse() =>
        Assert.Equal(2, (await ToolRun.InProcess("bench", "--seconds", "NaN")).ExitCode);
}
