using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Evaluation.Probes.Datasets;
using StemJepa.Training.Evaluation.Probes.Features;
using StemJepa.Training.Evaluation.Probes.Tasks;

namespace StemJepa.Training.Evaluation.Probes;

/// <summary>The command <c>probe</c>.</summary>
internal static class ProbeCommand
{
    private const int UntrainedSeed = 1, TableWidth = 140;

    private sealed record Options(ProbeRequest Request, string? Model, int? Songs, bool Baselines);

    public static Command Create()
    {
        var task = new Argument<string>("TASK") { Description = $"What is asked of the embedding: {string.Join(", ", ProbeTask.Names)}." };
        task.AcceptOnlyFromAmong([.. ProbeTask.Names]);
        var dataSet = new Option<string>("--dataset")
        {
            Description = "Folder of a rendered corpus, GiantSteps Key, GTZAN, MagnaTagATune, NSynth or Ballroom.",
            Required = true,
        };
        var testSet = new Option<string?>("--test-set") { Description = "Rendered corpora: another one whose test folder is measured." };
        var model = new Option<string?>("--model") { Description = "Model folder; the shipped model when left out." };
        var json = new Option<string?>("--json") { Description = "Write the figures to this file; - is standard output." };
        var plot = new Option<string?>("--plot") { Description = "Draw the figures to this PNG file." };
        var songs = new Option<int?>("--songs") { Description = "At most so many songs of each split, for a quick look." };
        songs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
                result.AddError("--songs is a whole number from 1 on, such as 24.");
        });
        var seconds = new Option<double>("--seconds") { Description = "Only the first so many seconds of each recording.", DefaultValueFactory = _ => double.PositiveInfinity };
        seconds.Validators.Add(result =>
        {
            if (!(result.GetValueOrDefault<double>() > 0))
                result.AddError("--seconds is a number above 0, such as 30.");
        });
        var noBaselines = new Option<bool>("--no-baselines") { Description = "Measure the model and chance alone." };
        var command = new Command("probe", "What a frozen embedding knows: a linear layer or small MLP on it, beside the same on other features.")
        {
            task, dataSet, testSet, model, json, plot, songs, seconds, noBaselines,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var request = new ProbeRequest(parse.GetRequiredValue(dataSet), parse.GetRequiredValue(task), parse.GetValue(testSet), parse.GetValue(seconds));
            ProbeReport report = await MeasureAsync(new Options(request, parse.GetValue(model), parse.GetValue(songs), !parse.GetValue(noBaselines)), cancellation);
            await WriteAsync(report, parse.GetValue(json), parse.GetValue(plot));
            return 0;
        });
        return command;
    }

    private static async Task<ProbeReport> MeasureAsync(Options options, CancellationToken cancellation)
    {
        using StemAffinity model = options.Model is null ? StemAffinity.Create() : StemAffinity.Load(options.Model);
        ProbeData data = ProbeDataSets.Read(options.Request);
        if (options.Songs is { } songs)
            data = data.Limited(songs);
        using var untrained = new UntrainedFeature(model.Model, UntrainedSeed);
        IProbeFeature[] features = options.Baselines
            ? [new LogMelFeature(), new HandMadeFeature(options.Request.Task), untrained, new ModelFeature(model)]
            : [new ModelFeature(model)];
        var probe = new Probe(data);
        var methods = new Dictionary<string, ProbeResult> { ["chance"] = probe.Chance() };
        if (options.Baselines && probe.Onsets() is { } onsets)
            methods.Add(OnsetTracker.Name, onsets);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().StartAsync(context => Task.Run(() =>
        {
            foreach (IProbeFeature feature in features)
            {
                ProgressTask progress = context.AddTask(Markup.Escape(feature.Name), maxValue: 1);
                methods.Add(feature.Name, probe.Measure(feature, share => progress.Value = share, cancellation));
            }
        }, cancellation));
        return new ProbeReport
        {
            Task = data.Task.Name,
            DataSet = data.DataSet,
            ModelName = model.Model.Name,
            Clips = Enum.GetValues<ProbeSplit>().ToDictionary(split => split.ToString().ToLowerInvariant(), split => data.Of(split).Count),
            Seconds = double.IsFinite(options.Request.Seconds) ? options.Request.Seconds : null,
            Methods = methods,
            Measured = await Provenance.HereAsync(),
        };
    }

    private static async Task WriteAsync(ProbeReport report, string? json, string? plot)
    {
        if (await ReportFiles.WriteAsync(json, plot, report.Write, () => ProbePlot.Render(report)))
            return;
        AnsiConsole.Profile.Width = TableWidth;
        AnsiConsole.WriteLine($"{report.Task}: {string.Join(", ", report.Clips.Select(split => $"{split.Value} {split.Key}"))} clips, test clips of {report.DataSet}");
        AnsiConsole.Write(ProbeTable.Of(report));
    }
}
