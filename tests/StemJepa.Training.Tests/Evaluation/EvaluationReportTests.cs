using System.Text.Json.Nodes;
using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>Oracle: the results files of the repository, some written before the reports shared their head.</summary>
public sealed class EvaluationReportTests
{
    [Theory]
    [InlineData("alignment.json")]
    [InlineData("percentile.json")]
    [InlineData("failures.json")]
    [InlineData("fit.json")]
    [InlineData("coherence-real-dev.json")]
    [InlineData("retrieval.json")]
    public void A_results_file_that_is_read_and_written_again_says_the_same(string name)
    {
        string path = Repository.PathOf($"training/results/{name}");
        using var written = new MemoryStream();
        Action<Stream> write = name.Split('-', '.')[0] switch
        {
            "alignment" => AlignmentReport.Read(path).Write,
            "percentile" => PercentileReport.Read(path).Write,
            "failures" => FailureReport.Read(path).Write,
            "fit" => FitReport.Read(path).Write,
            "coherence" => CoherenceReport.Read(path).Write,
            _ => RetrievalReport.Read(path).Write,
        };
        write(written);
        JsonObject before = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject(), after = JsonNode.Parse(written.ToArray())!.AsObject();
        Assert.True(JsonNode.DeepEquals(before, after));
        Assert.Equal(["corpus", "model_name"], after.Select(property => property.Key).Take(2));
        Assert.Equal("measured", after.Last().Key);
    }

    [Fact]
    public void The_committed_fits_are_the_table_of_the_page()
    {
        FitReport report = FitReport.Read(Repository.PathOf("training/results/fit.json"));
        Assert.Contains($"<!-- fit.json -->\n{report.ToMarkdown().TrimEnd()}\n<!-- end of fit.json -->",
            File.ReadAllText(Repository.PathOf("docs/guide/preview.md")));
        Assert.DoesNotContain("dirty", report.Measured.Commit);
    }
}
