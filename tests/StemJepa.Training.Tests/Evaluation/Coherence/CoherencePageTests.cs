using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The tables of the documents against the committed results that the evaluation wrote.</summary>
public sealed class CoherencePageTests
{
    [Theory]
    [InlineData("coherence-rendered-150.json", "coherence.md")]
    [InlineData("coherence-real-dev.json", "coherence.md")]
    public void Committed_results_are_the_tables_of_the_page(string name, string document)
    {
        CoherenceReport report = CoherenceReport.Read(Repository.PathOf($"training/results/{name}"));
        string page = File.ReadAllText(Repository.PathOf($"docs/research/{document}"));
        Assert.Contains($"<!-- {name} -->\n{report.ToMarkdown().TrimEnd()}\n<!-- end of {name} -->", page);
        Assert.Equal((5, 2000), (report.Seconds, report.Pairs));
        Assert.DoesNotContain("dirty", report.Measured.Commit);
    }
}
