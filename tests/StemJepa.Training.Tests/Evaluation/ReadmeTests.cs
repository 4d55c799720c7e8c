using System.Text.Json;
using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The README's figures against the committed results file that the evaluation wrote.</summary>
public sealed class ReadmeTests
{
    private static readonly string Root = Repository.PathOf("");

    [Theory]
    [InlineData("README.md", RetrievalTables.ShortMark)]
    [InlineData("docs/research/model.md", RetrievalTables.AllMark, RetrievalTables.RealMark, RetrievalTables.FurtherMark)]
    public void Documents_show_the_committed_results(string document, params string[] marks)
    {
        RetrievalReport report = RetrievalReport.Read(Path.Combine(Root, "training", "results", "retrieval.json"));
        using var folder = new TemporaryFolder();
        string copy = folder.PathOf("copy.md"), text = File.ReadAllText(Path.Combine(Root, document));
        File.WriteAllText(copy, text);

        DocumentTable.Write([copy], RetrievalTables.ForDocuments(report));

        Assert.All(marks, mark => Assert.Contains($"<!-- {mark} -->", text));
        Assert.Equal(text, File.ReadAllText(copy));
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
        using JsonDocument manifest =
            JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "training", "StemJepa.Training", "Corpora", "real-songs.json")));
        string page = File.ReadAllText(Path.Combine(Root, "docs", "research", "training.md"));
        var rows = manifest.RootElement.GetProperty("songs").EnumerateArray()
            .GroupBy(song => (Package: Text(song, "package"), Licence: Text(song, "licence")))
            .Select(songs =>
                $"| `{songs.Key.Package}` | {songs.Key.Licence} | {songs.Count(song =>
                Text(song, "split") == "train")} | {songs.Count(song => Text(song, "split") == "test")} |");
        Assert.All(rows, row => Assert.Contains(row, page));
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
