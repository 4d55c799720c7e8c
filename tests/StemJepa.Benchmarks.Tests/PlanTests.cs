using System.CommandLine;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Benchmarks.Planning;
using StemJepa.TestSupport;

namespace StemJepa.Benchmarks.Tests;

/// <summary>The plan, from results files. Oracle: values worked by hand.</summary>
public sealed class PlanTests : IDisposable
{
    private const string Measured = "\"date\": \"2026-01-02\", \"machine\": \"Some CPU, 2 cores, Some OS\", \"commit\": \"abc\"";

    private const string PathJson = $$"""
        [
          { "name": "time for that hour", "value": 2.5, "unit": "s", "aim": "", "reached": null,
            {{Measured}} },
          { "name": "clips of 8 s per second, 1 caller", "value": 200, "unit": "1/s", "aim": "", "reached": null,
            {{Measured}} },
          { "name": "clips of 8 s per second, 16 callers", "value": 400, "unit": "1/s", "aim": "", "reached": null,
            {{Measured}} }
        ]
        """;

    private const string CatalogJson = $$"""
        {
          "entries": 1000000, "embedding_length": 640, "bandwidth_gigabytes_per_second": 30,
          "catalogues": [
            { "precision": "single", "open_ms": 1, "first_search_ms": 900, "bytes": 2700000000,
              "recall@10": 1, "search_ms": [100, 100, 100] },
            { "precision": "int8", "open_ms": 1, "first_search_ms": 500, "bytes": 1400000000,
              "recall@10": 0.99, "search_ms": [30, 10, 20, 20] }
          ],
          "rows": [ { "name": "search single", "ours_ms": 100, "rival": "LINQ", "rival_ms": 900,
            "ratio": 9, "limit": "bandwidth", "of_limit": 0.8, "threads": 2, {{Measured}} } ]
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ten_million_stems_cost_what_was_worked_by_hand()
    {
        PlanReport report = PlanReport.Compute(
            Inputs(PathJson, CatalogJson), new PlanAssumptions(StemSeconds: 30, TargetMs: 100, NetworkMs: 1, Load: 0.5, Queries: 2000));
        Assert.Equal([100_000, 100_000, 10_000_000, 10_000_000, 1_000_000_000, 1_000_000_000], report.Rows.Select(row => row.Stems));
        PlanRow single = report.Rows[2], int8 = report.Rows[3];
        // 10^7 stems of 30 / 8 windows, 200 windows per second and core: 187,500 s.
        // From WAV: 3 x 10^8 s of audio, 2 x 2.5 core seconds for 3600 of them: 416,667 s.
        Assert.Equal((52.08, 115.7), (single.EmbeddingCoreHours, single.WavCoreHours));
        Assert.Equal((27, 14), (single.StorageGigabytes, int8.StorageGigabytes));
        // 640 x 4 bytes; 640 bytes, and 4 of the scale.
        Assert.Equal((25.6, 6.44), (single.MemoryGigabytes, int8.MemoryGigabytes));
        Assert.Equal((1000, 200), (single.OneNodeMs, int8.OneNodeMs));
        // 1000 / S at most 99; 300 / S at most 99, as long as 4 x 0.99^(1/S) is above 3.
        Assert.Equal((11, 4), (single.Shards, int8.Shards));
        Assert.Equal((2.327, 1.61), (single.ShardGigabytes, int8.ShardGigabytes));
        Assert.Equal((11, 20), (single.QueriesPerSecond, int8.QueriesPerSecond));
        // 1 + 1000 / 11. 4 x 0.5^(1/4) = 3.36: the fourth time, 30, of 2.5 million entries in place of a million.
        Assert.Equal((91.91, 91.91, 91.91, 91.91), (single.PaperP50Ms, single.PaperP99Ms, single.SimulatedP50Ms, single.SimulatedP99Ms));
        Assert.Equal((76, 76, 76, 76), (int8.PaperP50Ms, int8.PaperP99Ms, int8.SimulatedP50Ms, int8.SimulatedP99Ms));
        Assert.All(report.Rows, row => Assert.True(row.LoadedP99Ms > row.SimulatedP99Ms));
        Assert.Equal((1, 1), (report.Rows[0].Shards, report.Rows[1].Shards));
        Assert.Equal(1011, report.Rows[4].Shards);
    }

    [Fact]
    public void The_command_writes_the_results_and_the_document_s_table()
    {
        string path = Write("path.json", PathJson), catalog = Write("catalog.json", CatalogJson), json = _folder.PathOf("plan.json");
        string document = Write("page.md", "before\n<!-- plan.json -->\n<!-- end of plan.json -->\nafter\n");
        int code = PlanCommand.Create()
            .Parse(["--path", path, "--catalog", catalog, "--json", json, "--document", document, "--queries", "1000"]).Invoke();
        Assert.Equal(0, code);
        PlanReport report = ResultsJson.Parse<PlanReport>(File.ReadAllText(json), json);
        Assert.Equal(report.Rows, PlanReport.Compute(Inputs(PathJson, CatalogJson), report.Assumed).Rows);
        string page = File.ReadAllText(document);
        Assert.StartsWith("before\n<!-- plan.json -->\n| stems | values |", page);
        Assert.Contains(
            "| 10^7 | single | 52.08 to 116 | 27 GB | 25.6 GB | 1 s | 11 | 2.33 GB | 11 | 91.91 ms, 91.91 ms | 91.91 ms, 91.91 ms | "
                + "", page);
        Assert.Contains("Search: 1,000,000 recordings, measured on 2026-01-02, Some CPU, 2 cores, Some OS, commit `abc`.", page);
        Assert.EndsWith("<!-- end of plan.json -->\nafter\n", page);
    }

    [Fact]
    public void Missing_results_name_the_command_that_measures_them()
    {
        string path = Write("path.json", PathJson), none = _folder.PathOf("none.json");
        Assert.Equal(
            $"{none} is not there: measure it first, with dotnet run --project benchmarks/StemJepa.Benchmarks -c Release -- catalog --json "
                + $"{none}.",
            Assert.Throws<StemJepaException>(() => PlanInputs.Read(path, none)).Message);
        Assert.EndsWith($"-- path --json {none}.", Assert.Throws<StemJepaException>(() => PlanInputs.Read(none, path)).Message);
    }

    [Theory]
    [InlineData("2.5", "0", "path.json lacks")]
    [InlineData("2 cores", "many cores", "path.json lacks the machine's number of cores")]
    [InlineData("clips of", "songs of", "path.json lacks")]
    [InlineData("[\n", "[[", "path.json: holds no such results")]
    [InlineData("\"search_ms\": [100, 100, 100]", "\"search_ms\": []", "catalog.json lacks")]
    [InlineData("\"search_ms\": [100, 100, 100]", "\"search_ms\": [100, -1]", "catalog.json lacks")]
    [InlineData(", \"search_ms\": [100, 100, 100]", "", "catalog.json lacks")]
    [InlineData("\"entries\": 1000000", "\"entries\": 0", "catalog.json lacks")]
    [InlineData("\"precision\": \"int8\"", "\"precision\": \"int4\"", "'int4'")]
    public void Results_that_lack_a_figure_are_named(string figure, string other, string message) =>
        Assert.Contains(message,
            Assert.Throws<StemJepaException>(() => Inputs(PathJson.Replace(figure, other), CatalogJson.Replace(figure, other))).Message);

    [Theory]
    [InlineData("--seconds", "0")]
    [InlineData("--seconds", "NaN")]
    [InlineData("--target", "-1")]
    [InlineData("--target", "1")]
    [InlineData("--network", "100")]
    [InlineData("--load", "1")]
    [InlineData("--queries", "999")]
    public void Wrong_options_are_refused(string option, string value) => Assert.Single(PlanCommand.Create().Parse([option, value]).Errors);

    private PlanInputs Inputs(string path, string catalog) => PlanInputs.Read(Write("path.json", path), Write("catalog.json", catalog));

    private string Write(string name, string text) => _folder.Write(name, System.Text.Encoding.UTF8.GetBytes(text));
}
