using System.CommandLine;
using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The whole command with the shipped model, on a rendered corpus of tones; the oracle is its contract.</summary>
public sealed class ProbeCommandTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("beats", "f_measure", "chance,onset_tracker,mean_log_mel,hand_made,untrained,model")]
    [InlineData("key", "weighted_score", "chance,model,model_columns", "--no-baselines")]
    [InlineData("tempo", "acc2", "chance,model,model_columns,model_beats", "--no-baselines")]
    public async Task Every_row_is_measured_and_written(string task, string metric, string methods, params string[] options)
    {
        string train = _temporary.PathOf("train-corpus"), test = _temporary.PathOf("test-corpus");
        foreach (int i in Enumerable.Range(0, 24))
            TinyProbeSets.Rendered(train, "train", $"composed_{i:00000}", i % 2 == 0 ? "C major" : "F# minor");
        TinyProbeSets.Rendered(test, "test", "composed-test_001", "C major");
        string json = _temporary.PathOf("out.json"), plot = _temporary.PathOf("out.png");
        Assert.Equal(0, await Run([task, "--dataset", train, "--test-set", test, "--json", json, "--plot", plot, .. options]));
        ProbeReport report = ProbeReport.Read(json);
        Assert.Equal((task, "test-corpus", 1), (report.Task, report.DataSet, report.Clips["test"]));
        Assert.Equal(24, report.Clips["train"] + report.Clips["validation"]);
        Assert.Equal(methods.Split(','), report.Methods.Keys);
        Assert.All(report.Methods.Values, method => Assert.InRange(method.Metrics[metric].Mean, 0, 1));
        Assert.True(new FileInfo(plot).Length > 1000);
    }

    /// <summary>One JSON and one table for each of the six tasks, in the places of the document that are marked for them.</summary>
    [Fact]
    public async Task All_tasks_are_measured_into_one_file_and_one_document()
    {
        string train = _temporary.PathOf("train-corpus"), test = _temporary.PathOf("test-corpus"), json = _temporary.PathOf("probes.json"),
            document = _temporary.PathOf("page.md");
        foreach (int i in Enumerable.Range(0, 24))
            TinyProbeSets.Rendered(train, "train", $"composed_{i:00000}", i % 2 == 0 ? "C major" : "F# minor", genre: i % 2 == 0 ? "blues"
                : "rock");
        foreach (int i in Enumerable.Range(0, 2))
            TinyProbeSets.Rendered(test, "test", $"composed-test_00{i}", i == 0 ? "C major" : "F# minor", genre: i == 0 ? "blues" : "rock");
        File.WriteAllText(document,
            string.Concat(ProbeTask.Names.Select(task => $"<!-- probe {task} -->\nold\n<!-- end of probe {task} -->\n")));
        Assert.Equal(0, await Run("all", "--dataset", train, "--test-set", test, "--json", json, "--document", document, "--no-baselines"));
        ProbeReports reports = ProbeReports.Read(json);
        Assert.Equal(ProbeTask.Names, reports.Tasks.Keys);
        Assert.All(reports.Tasks, task => Assert.Equal((task.Key, "test-corpus"), (task.Value.Task, task.Value.DataSet)));
        Assert.Equal(["chance", "model", "model_columns", "model_beats"], reports.Tasks["tempo"].Methods.Keys);
        Assert.Equal(["chance", "model"], reports.Tasks["beats"].Methods.Keys);
        Assert.Equal((2, 4), (reports.Tasks["genre"].Clips["test"], reports.Tasks["instrument"].Clips["test"]));
        string page = File.ReadAllText(document);
        Assert.DoesNotContain("old", page);
        Assert.All(reports.Tasks, task =>
            Assert.Contains($"<!-- probe {task.Key} -->\n{ProbeTable.ToMarkdown(task.Value).TrimEnd()}\n<!-- end", page));
    }

    /// <summary>Before anything is measured: a variant of a test song in training, and a document without marks.</summary>
    [Fact]
    public async Task What_would_spoil_the_figures_is_refused_at_once()
    {
        string train = _temporary.PathOf("train-corpus"), test = _temporary.PathOf("test-corpus"), document = _temporary.PathOf("page.md");
        foreach (int i in Enumerable.Range(0, 24))
            TinyProbeSets.Rendered(train, "train", $"composed_{i:00000}~1", "C major");
        TinyProbeSets.Rendered(test, "test", "composed_00005", "C major");
        File.WriteAllText(document, "<!-- probe colour -->\n<!-- end of probe colour -->\n");
        Assert.Contains("'composed_00005' is in two splits",
            (await Assert.ThrowsAsync<StemJepaException>(() => Run("key", "--dataset", train, "--test-set", test))).Message);
        Assert.Contains("page.md",
            (await Assert.ThrowsAsync<StemJepaException>(() =>
            Run("key", "--dataset", train, "--test-set", test, "--document", document))).Message);
    }

    [Theory]
    [InlineData("all", "--dataset", "x", "--plot", "y.png")]
    [InlineData("colour", "--dataset", "x")]
    [InlineData("key")]
    [InlineData("key", "--dataset", "x", "--songs", "0")]
    [InlineData("key", "--dataset", "x", "--seconds", "0")]
    [InlineData("key", "--dataset", "x", "--semitones", "13")]
    [InlineData("key", "--dataset", "x", "--semitones", "-1")]
    public void Wrong_use_is_refused(params string[] arguments) => Assert.NotEmpty(ProbeCommand.Create().Parse(arguments).Errors);

    private static Task<int> Run(params string[] arguments) =>
        ProbeCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
