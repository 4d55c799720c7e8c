using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The tables of docs/research/coherence.md against the committed results that the evaluation wrote.</summary>
public sealed class CoherencePageTests
{
    [Theory]
    [InlineData("coherence-rendered-150.json")]
    [InlineData("coherence-real-dev.json")]
    public void Committed_results_are_the_tables_of_the_page(string name)
    {
        CoherenceReport report = CoherenceReport.Read(Repository.PathOf($"training/results/{name}"));
        string page = File.ReadAllText(Repository.PathOf("docs/research/coherence.md"));
        Assert.Contains($"<!-- {name} -->\n{report.ToMarkdown().TrimEnd()}\n<!-- end of {name} -->", page);
        Assert.Equal((5, 2000), (report.Seconds, report.Pairs));
        Assert.DoesNotContain("dirty", report.Measured.Commit);
    }
}
