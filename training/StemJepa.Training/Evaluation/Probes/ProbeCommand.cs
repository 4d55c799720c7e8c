using System.CommandLine;
using Spectre.Console;

namespace StemJepa.Training.Evaluation;

/// <summary>The command <c>probe</c>.</summary>
internal static class ProbeCommand
{
    private const string AllTasks = "all";
    private const int UntrainedSeed = 1, TableWidth = 140, MostSemitones = 12;

    private sealed record Options(string Task, ProbeRequest Request, string? Model, int? Songs, int Semitones, bool Baselines, string? Json,
        string? Plot, string[] Documents);

    public static Command Create()
    {
        var task = new Argument<string>("TASK")
        {
            Description = $"The task: {string.Join(", ", ProbeTask.Names)}; or {AllTasks} for every one that the data set has labels for.",
        };
        task.AcceptOnlyFromAmong([.. ProbeTask.Names, AllTasks]);
        var dataSet = new Option<string>("--dataset")
        {
            Description = "Folder of a rendered corpus, GiantSteps Key, GTZAN, MagnaTagATune, NSynth or Ballroom.",
            Required = true,
        };
        var testSet = new Option<string?>("--test-set")
        {
            Description =
                "Rendered corpora: another one whose test folder is measured; a song of it, or a variant of one, among those of training "
                + "is refused.",
        };
        Option<string?> model = EvaluationOptions.Model();
        Option<string?> json = EvaluationOptions.Json();
        Option<string[]> documents = DocumentTable.Option();
        var plot = new Option<string?>("--plot") { Description = "Draw the figures of one task to this PNG file." };
        var songs = new Option<int?>("--songs") { Description = "At most so many songs of each split, for a quick look." };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Only the first so many seconds of each recording.",
            DefaultValueFactory = _ => double.PositiveInfinity,
        };
        var semitones = new Option<int>("--semitones")
        {
            Description =
                "Train on each recording also up to so many semitones faster and higher, and slower and lower; heads then take means over "
                + "time only.",
        };
        var noBaselines = new Option<bool>("--no-baselines") { Description = "Measure the model and chance alone." };
        songs.Require(value => value is null or >= 1, "--songs is a whole number from 1 on, such as 24.");
        semitones.Require(value => value is >= 0 and <= MostSemitones,
            $"--semitones is a whole number from 0 to {MostSemitones}, such as 6.");
        seconds.Require(value => value > 0, "--seconds is a number above 0, such as 30.");
        var command =
            new Command("probe", "Probe a frozen embedding: train a linear layer or a small MLP on it, and the same on other features.")
        {
            task, dataSet, testSet, model, json, documents, plot, songs, seconds, semitones, noBaselines,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(task)?.Tokens is [{ Value: AllTasks }] && result.GetResult(plot) is not null)
                result.AddError($"--plot draws one task; leave it out for {AllTasks}.");
        });
        command.SetAction(async (parse, cancellation) =>
        {
            string asked = parse.GetRequiredValue(task);
            var request = new ProbeRequest(parse.GetRequiredValue(dataSet), asked, parse.GetValue(testSet), parse.GetValue(seconds));
            await RunAsync(new Options(asked, request, parse.GetValue(model), parse.GetValue(songs), parse.GetValue(semitones),
                !parse.GetValue(noBaselines), parse.GetValue(json), parse.GetValue(plot),
                parse.GetRequiredValue(documents)), cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(Options options, CancellationToken cancellation)
    {
        IReadOnlyList<string> tasks = options.Task == AllTasks ? ProbeDataSets.TasksOf(options.Request.Folder) : [options.Task];
        DocumentTable.Check(options.Documents, [.. tasks.Select(task => ProbeTable.MarkOf(task, options.Semitones))]);
        using StemAffinity model = EvaluationOptions.LoadModel(options.Model);
        var run = new ProbeRun(options.Request, tasks, options.Songs, options.Semitones);
        using var untrained = new UntrainedFeature(model.Model, UntrainedSeed);
        var own = new ProbeFeatureSource(_ => new ModelFeature(model), IsShared: true);
        ProbeFeatureSource[] features = options.Baselines
            ? [new(_ => new LogMelFeature(), IsShared: false), new(task => new HandMadeFeature(task), IsShared: false),
                new(_ => untrained, IsShared: true), own]
            : [own];
        await EvaluationOptions.ErrorConsole().Progress().StartAsync(context => Task.Run(() =>
        {
            run.MeasureWithoutHeads(options.Baselines);
            run.Measure(features, row =>
            {
                ProgressTask progress = context.AddTask(Markup.Escape(row), maxValue: 1);
                return share => progress.Value = share;
            }, cancellation);
        }, cancellation));
        await WriteAsync(options, run.Reports(model.Model.Name, await Provenance.HereAsync()));
    }

    private static async Task WriteAsync(Options options, IReadOnlyList<ProbeReport> reports)
    {
        Action<Stream> write = options.Task == AllTasks ? new ProbeReports(reports.ToDictionary(report => report.Task)).Write
            : reports[0].Write;
        DocumentTable.Write(options.Documents,
            [.. reports.Select(report => (ProbeTable.MarkOf(report.Task, report.Semitones), ProbeTable.ToMarkdown(report)))]);
        if (await ReportFiles.WriteAsync(options.Json, options.Plot, write, () => ProbePlot.Render(reports[0])))
            return;
        AnsiConsole.Profile.Width = TableWidth;
        foreach (ProbeReport report in reports)
        {
            AnsiConsole.WriteLine(ProbeTable.Clips(report));
            AnsiConsole.Write(ProbeTable.Create(report));
        }
    }
}
