using System.CommandLine;
using StemJepa.TestSupport;
using StemJepa.Training.Evaluation.Probes;

namespace StemJepa.Training.Tests.Evaluation.Probes;

/// <summary>The whole command with the shipped model, on a rendered corpus of tones; the oracle is its contract.</summary>
public sealed class ProbeCommandTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("beats", "f_measure", "chance,onset_tracker,mean_log_mel,hand_made,untrained,model")]
    [InlineData("key", "weighted_score", "chance,model,model_columns", "--no-baselines")]
    [InlineData("tempo", "acc2", "chance,model,model_columns,model_beats", "--no-baselines")]
    public async Task Every_row_is_measured_and_written(string task, string metric, string methods, params string[] options)
    {
        string train = temporary.PathOf("train-corpus"), test = temporary.PathOf("test-corpus");
        foreach (int i in Enumerable.Range(0, 24))
            TinyProbeSets.Rendered(train, "train", $"composed_{i:00000}", i % 2 == 0 ? "C major" : "F# minor");
        TinyProbeSets.Rendered(test, "test", "composed-test_001", "C major");
        string json = temporary.PathOf("out.json"), plot = temporary.PathOf("out.png");
        Assert.Equal(0, await ProbeCommand.Create().Parse([task, "--dataset", train, "--test-set", test, "--json", json, "--plot", plot, .. options])
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));
        ProbeReport report = ProbeReport.Read(json);
        Assert.Equal((task, "test-corpus", 1), (report.Task, report.DataSet, report.Clips["test"]));
        Assert.Equal(24, report.Clips["train"] + report.Clips["validation"]);
        Assert.Equal(methods.Split(','), report.Methods.Keys);
        Assert.All(report.Methods.Values, method => Assert.InRange(method.Metrics[metric].Mean, 0, 1));
        Assert.True(new FileInfo(plot).Length > 1000);
    }

    [Theory]
    [InlineData("colour", "--dataset", "x")]
    [InlineData("key")]
    [InlineData("key", "--dataset", "x", "--songs", "0")]
    [InlineData("key", "--dataset", "x", "--seconds", "0")]
    public void Wrong_use_is_refused(params string[] arguments) => Assert.NotEmpty(ProbeCommand.Create().Parse(arguments).Errors);
}
