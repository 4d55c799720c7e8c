using System.Text.Json;
using Spectre.Console;
using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The README's figures against the committed results file that the evaluation wrote.</summary>
public sealed class ReadmeTests
{
    private static readonly string Root = Repository.PathOf("");

    [Fact]
    public void Committed_results_are_the_table_of_the_README()
    {
        RetrievalReport report = RetrievalReport.Read(Path.Combine(Root, "training", "results", "retrieval.json"));
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        console.Write(RetrievalTables.All(report));
        string readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        string[] rows = [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Contains(row, readme));
    }

    [Fact]
    public void Committed_results_are_those_of_the_shipped_model()
    {
        RetrievalReport report = RetrievalReport.Read(Path.Combine(Root, "training", "results", "retrieval.json"));
        using StemAffinity model = StemAffinity.Create();
        Assert.Equal(report.Model.RecallAt1, model.Model.Metrics["recall@1"]);
        Assert.Equal(report.Model.MeanNormalizedRank, model.Model.Metrics["mean_normalized_rank"]);
    }

    [Fact]
    public void First_model_beats_chance_tenfold_and_the_baseline_twofold()
    {
        RetrievalReport report = RetrievalReport.Read(Path.Combine(Root, "training", "results", "retrieval.json"));
        Assert.True(report.Model.RecallAt1 >= 10.0 / report.Model.Queries);
        Assert.True(report.Model.MeanNormalizedRank <= report.Baselines["mean_log_mel"].MeanNormalizedRank / 2);
    }

    [Fact]
    public void Committed_manifest_is_the_licence_table_of_the_training_page()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "training", "StemJepa.Training", "Corpora", "real-songs.json")));
        string page = File.ReadAllText(Path.Combine(Root, "docs", "training.md"));
        var rows = manifest.RootElement.GetProperty("songs").EnumerateArray()
            .GroupBy(song => (Package: Text(song, "package"), Licence: Text(song, "licence")))
            .Select(songs => $"| `{songs.Key.Package}` | {songs.Key.Licence} | {songs.Count(song => Text(song, "split") == "train")} | {songs.Count(song => Text(song, "split") == "test")} |");
        Assert.All(rows, row => Assert.Contains(row, page));
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
