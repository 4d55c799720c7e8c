using System.CommandLine;
using System.Text.Json.Nodes;
using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Tests.Corpora;

namespace StemJepa.Training.Tests.Evaluation;

public sealed class CatalogueCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>The oracle is <c>evaluate retrieval</c>, which compares vectors in memory by Euclidean distance.</summary>
    [Fact]
    public async Task Catalogues_of_each_precision_give_the_figures_of_evaluate_retrieval()
    {
        foreach (string song in (string[])["test/a", "test/b", "test/c"])
            TinyDataSet.MusdbHq(folder.PathOf("corpus/" + song), 16000, Enum.GetValues<Stem>());
        string document = folder.PathOf("page.md");
        await File.WriteAllTextAsync(document, "before\n<!-- retrieval-catalogue.json -->\n<!-- end of retrieval-catalogue.json -->\nafter\n");

        Assert.Equal(0, await Evaluate("retrieval", "retrieval.json", "--no-baselines"));
        Assert.Equal(0, await Evaluate("catalogue", "catalogue.json", "--document", document));

        JsonNode oracle = Json("retrieval.json")["model"]!, report = Json("catalogue.json");
        Assert.Equal(oracle.ToJsonString(), report["exact"]!.ToJsonString());
        Assert.Equal(["single", "int8"], report["catalogues"]!.AsObject().Select(row => row.Key));
        foreach (var (_, row) in report["catalogues"]!.AsObject())
        {
            Assert.Equal(oracle.ToJsonString(), row!["model"]!.ToJsonString());
            Assert.Equal(1, (double)row["recall_of_best_10"]!);
        }
        Assert.Contains("| catalogue, int8 |", await File.ReadAllTextAsync(document));
    }

    private JsonNode Json(string name) => JsonNode.Parse(File.ReadAllText(folder.PathOf(name)))!;

    private Task<int> Evaluate(string what, string json, params string[] more)
    {
        var root = new RootCommand { EvaluateCommand.Create() };
        ParseResult parsed = root.Parse(["evaluate", what, "--corpus", folder.PathOf("corpus"), "--json", folder.PathOf(json), .. more]);
        return parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }
}
