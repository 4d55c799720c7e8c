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
        ProbeData data = Read(options, options.Request.Task);
        using var untrained = new UntrainedFeature(model.Model, UntrainedSeed);
        var modelFeature = new RememberedFeature(new ModelFeature(model));
        IProbeFeature[] features = options.Baselines
            ? [new LogMelFeature(), new HandMadeFeature(options.Request.Task), new RememberedFeature(untrained), modelFeature]
            : [modelFeature];
        var probe = new Probe(data);
        var methods = new Dictionary<string, ProbeResult> { ["chance"] = probe.Chance() };
        if (options.Baselines && probe.Onsets() is { } onsets)
            methods.Add(OnsetTracker.Name, onsets);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().StartAsync(context => Task.Run(() =>
        {
            void Measure(string name, Func<Action<double>, ProbeResult> measure)
            {
                ProgressTask progress = context.AddTask(Markup.Escape(name), maxValue: 1);
                methods.Add(name, measure(share => progress.Value = share));
            }
            foreach (IProbeFeature feature in features)
            {
                Measure(feature.Name, progress => probe.Measure(feature, progress, cancellation));
                if (!data.Task.UsesSequence && feature.HasTellingColumns)
                    Measure(feature.Name + ProbeReport.ColumnsSuffix, progress => probe.MeasureColumns(feature, progress, cancellation));
            }
            if (data.Task is TempoTask)
            {
                using TrainedHead beats = TrainBeats(options, modelFeature, cancellation);
                var periodicity = new BeatPeriodicityFeature(modelFeature, beats);
                Measure(periodicity.Name, progress => probe.Measure(periodicity, progress, cancellation));
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

    private static ProbeData Read(Options options, string task)
    {
        ProbeData data = ProbeDataSets.Read(options.Request with { Task = task });
        return options.Songs is { } songs ? data.Limited(songs) : data;
    }

    /// <summary>The head for beats, trained on the same songs: every data set with tempi has beats.</summary>
    private static TrainedHead TrainBeats(Options options, IProbeFeature feature, CancellationToken cancellation)
    {
        ProbeFeatures columns = ProbeFeatures.Gather(Read(options, ProbeTask.Beats), feature.Columns, [ProbeSplit.Train, ProbeSplit.Validation], null, cancellation);
        using var search = new HeadSearch(columns, byClip: false, averagesInput: false);
        return search.Best(cancellation);
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
