using System.CommandLine;
using System.Text.Json.Nodes;
using StemJepa.TestSupport;
using StemJepa.Training.Networks;
using StemJepa.Training.Tests.Corpora;
using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Training;

public sealed class AblateCommandTests : IDisposable
{
    private const string Tiny = """
        "contrastive_steps": 1, "jepa_steps": 2, "jepa_long_steps": 0, "contrastive_batch": 2, "jepa_batch": 2,
            "contrastive_window_seconds": 0.16, "jepa_window_seconds": 0.16,
        "sizes": { "width": 16, "depth": 1, "heads": 2, "predictor_hidden": [32] }
        """;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Trains_what_is_not_finished_and_reports_the_last_validation_of_each_log()
    {
        foreach (string song in (string[])["train/a", "train/b", "train/c", "validation/d", "validation/e"])
            TinyDataSet.MusdbHq(_folder.PathOf("corpus/" + song), 16000, Stem.Roles);
        string plan = Plan("""{ "whole": {}, "without a label": { "label_conditioning": false, "jepa_contrastive_weight": 1 } }""");

        Assert.Equal(0, await Ablate(plan));
        DateTime[] trained = [.. Weights().Select(File.GetLastWriteTimeUtc)];
        Assert.Equal(0, await Ablate(plan));

        Assert.Equal(trained, Weights().Select(File.GetLastWriteTimeUtc));
        JsonArray runs = Rows();
        Assert.Equal(["whole", "without a label"], runs.Select(run => (string)run!["name"]!));
        LogRow last = TrainingLog.Read(_folder.PathOf("runs/without-a-label/log.csv"))[^1];
        Assert.Equal(last.ValidationRecallAt1, (double)runs[1]!["recall_at_1"]!);
        Assert.Equal(last.ValidationMeanRank, (double)runs[1]!["mean_normalized_rank"]!);
        Assert.Equal(last.ValidationAlignedRecallAt1, (double)runs[1]!["aligned_recall_at_1"]!);
        Assert.True(LabelsOf("whole").Distinct().Count() > 1);
        Assert.Equal([0f], LabelsOf("without-a-label").Distinct());
    }

    [Fact]
    public async Task Figures_of_another_machine_are_kept_and_only_changed_runs_are_trained()
    {
        foreach (string song in (string[])["train/a", "train/b", "train/c", "validation/d", "validation/e"])
            TinyDataSet.MusdbHq(_folder.PathOf("corpus/" + song), 16000, Stem.Roles);
        Assert.Equal(0, await Ablate(Plan("""{ "whole": {}, "other": { "jepa_steps": 1 } }""")));
        JsonArray before = Rows();
        Directory.Delete(_folder.PathOf("runs"), recursive: true);

        Assert.Equal(0, await Ablate(Plan("""{ "other": { "jepa_steps": 3 }, "whole": {} }""")));

        JsonArray after = Rows();
        Assert.Equal(["other"], Directory.GetDirectories(_folder.PathOf("runs")).Select(Path.GetFileName));
        Assert.Equal(["other", "whole"], after.Select(row => (string)row!["name"]!));
        Assert.Equal(4, (int)after[0]!["steps"]!);
        Assert.Equal(before[0]!.ToJsonString(), after[1]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{ "corpus": "other", "training_songs": 3, "validation_songs": 2, "runs": [] }""", "other")]
    [InlineData("""{ "corpus": "corpus", "training_songs": 4, "validation_songs": 2, "runs": [] }""", "4 songs")]
    [InlineData("[]", "not figures")]
    [InlineData("{}", "missing")]
    [InlineData("""{ "corpus": "corpus", "runs": [null] }""", "missing")]
    public async Task Figures_of_something_else_are_refused_and_kept(string figures, string named)
    {
        foreach (string song in (string[])["train/a", "train/b", "train/c", "validation/d", "validation/e"])
            TinyDataSet.MusdbHq(_folder.PathOf("corpus/" + song), 16000, Stem.Roles);
        await File.WriteAllTextAsync(_folder.PathOf("figures.json"), figures);

        string message = (await Assert.ThrowsAsync<StemJepaException>(() => Ablate(Plan("""{ "whole": {} }""")))).Message;

        Assert.StartsWith(_folder.PathOf("figures.json"), message);
        Assert.Contains(named, message);
        Assert.Equal(figures, await File.ReadAllTextAsync(_folder.PathOf("figures.json")));
    }

    [Theory]
    [InlineData("""{ "a": {}, "A": {} }""", "names")]
    [InlineData("""{ }""", "at least")]
    [InlineData("""{ "a": { "no_such_setting": 1 } }""", "no_such_setting")]
    [InlineData("""{ "a": { "temperature": -1 } }""", "temperature")]
    [InlineData("""{ "a": { "sizes": { "width": 18 } } }""", "width")]
    [InlineData("""[]""", "not a plan")]
    [InlineData("""null""", "runs")]
    public void Plan_that_cannot_be_trained_is_refused_in_a_sentence(string runs, string named)
    {
        string plan = Plan(runs);
        string message = Assert.Throws<StemJepaException>(() => AblationPlan.Read(plan)).Message;
        Assert.StartsWith(plan, message);
        Assert.Contains(named, message);
    }

    [Fact]
    public void Committed_plan_can_be_trained()
    {
        IReadOnlyList<AblationRun> runs = AblationPlan.Read(Repository.PathOf("training/ablations.json"));
        Assert.Contains(runs, run => !run.Settings.LabelConditioning);
        Assert.Contains(runs, run => run.Settings.ContrastiveSteps == 0);
        Assert.Contains(runs, run => run.Settings.Sizes.Depth != TrainingSettings.Preset("small").Sizes.Depth);
    }

    private string Plan(string runs)
    {
        string file = _folder.PathOf("plan.json");
        File.WriteAllText(file, $$"""{ "settings": { {{Tiny}} }, "runs": {{runs}} }""");
        return file;
    }

    private Task<int> Ablate(string plan)
    {
        var root = new RootCommand { AblateCommand.Create() };
        ParseResult parsed = root.Parse(["ablate", "--corpus", _folder.PathOf("corpus"), "--out", _folder.PathOf("runs"), "--plan", plan,
            "--json", _folder.PathOf("figures.json")]);
        return parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private JsonArray Rows() => JsonNode.Parse(File.ReadAllText(_folder.PathOf("figures.json")))!["runs"]!.AsArray();

    private IEnumerable<string> Weights() =>
        ((string[])["whole", "without-a-label"]).Select(run => _folder.PathOf($"runs/{run}/weights.safetensors"));

    private float[] LabelsOf(string run)
    {
        using SafetensorsFile file = SafetensorsFile.Open(_folder.PathOf($"runs/{run}/weights.safetensors"));
        return file.ReadFloats("predictor.source_embed.weight");
    }
}
