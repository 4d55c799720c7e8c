using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Corpora;
using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>The <c>train</c> command.</summary>
internal static class TrainCommand
{
    /// <summary>Time between two checkpoints unless the user says otherwise.</summary>
    public static TimeSpan DefaultCheckpointInterval { get; } = TimeSpan.FromMinutes(3);

    public static Command Create()
    {
        var corpus = new Option<string>("--corpus")
        {
            Description = "Folder of a corpus, MUSDB18-HQ, MUSDB18, MoisesDB or Slakh2100; its train split is used.",
            Required = true,
        };
        Option<string?> cache = CorpusFolder.CacheOption();
        var output = new Option<string>("--out") { Description = "Run folder: configuration, log, checkpoints, weights.", Required = true };
        var preset = new Option<string>("--preset") { Description = "base (the paper's) or small.", DefaultValueFactory = _ => "small" };
        preset.AcceptOnlyFromAmong("base", "small");
        var config = new Option<string?>("--config") { Description = "A config.json instead of a preset." };
        var from = new Option<string?>("--from")
        {
            Description = "Weights (.safetensors) to start from, both encoders and the predictor, with their normalisation.",
        };
        var seed = new Option<int?>("--seed") { Description = "Seed of the weights and of every random choice." };
        var resume = new Option<bool>("--resume") { Description = "Resume from the last checkpoint of the run folder." };
        var threads = new Option<int>("--threads") { Description = "Threads; 0 takes every core.", DefaultValueFactory = _ => 0 };
        var checkpoint = new Option<double>("--checkpoint-minutes")
        {
            Description = "Minutes between two checkpoints.",
            DefaultValueFactory = _ => DefaultCheckpointInterval.TotalMinutes,
        };
        var command = new Command("train", "Train an encoder and a predictor: contrastive stage, then JEPA stage.")
        {
            corpus, cache, output, preset, config, from, seed, resume, threads, checkpoint,
        };
        command.SetAction((parse, cancellation) =>
        {
            var folder = new RunFolder(parse.GetRequiredValue(output));
            TrainingSettings settings =
                Settings(folder, parse.GetValue(resume), parse.GetRequiredValue(preset), parse.GetValue(config), parse.GetValue(from),
                    parse.GetValue(seed));
            Train(folder, settings, parse.GetRequiredValue(corpus), parse.GetValue(cache), parse.GetValue(resume), parse.GetValue(threads),
                TimeSpan.FromMinutes(parse.GetValue(checkpoint)), cancellation);
            return Task.FromResult(0);
        });
        return command;
    }

    private static TrainingSettings Settings(RunFolder folder, bool resume, string preset, string? config, string? from,
        int? seed)
    {
        if (resume && from is not null)
            throw new StemJepaException($"{folder.Path}: a run that resumes has its weights; leave out --from or --resume.");
        if (resume)
            return folder.HasCheckpoint
                ? folder.ReadSettings()
                : throw new StemJepaException($"{folder.Path}: there is no checkpoint to resume from; start the run without --resume.");
        if (folder.HasCheckpoint)
            throw new StemJepaException($"{folder.Path}: there is a run already; go on with --resume or choose another folder.");
        TrainingSettings settings = config is null ? TrainingSettings.Preset(preset) : RunFolder.ReadSettings(config);
        settings = settings with
        {
            Seed = seed ?? settings.Seed,
            StartedFrom = from is null ? settings.StartedFrom : StartingWeights.FromFile(from),
        };
        settings.Check();
        folder.WriteSettings(settings);
        return settings;
    }

    /// <summary>Trains one run on a corpus folder, with progress on standard error.</summary>
    public static void Train(RunFolder folder, TrainingSettings settings, string corpus, string? cache, bool resume, int threads,
        TimeSpan checkpointInterval, CancellationToken cancellation)
    {
        int count = threads > 0 ? threads : Environment.ProcessorCount;
        var (train, validation) = ValidationSplit.Create(CorpusFolder.Songs(corpus, CorpusFolder.Train, cache, cancellation));
        using var songs = new CorpusAudio(ValidationSplit.Share(train, settings.SongShare), settings.Families);
        Console.Error.WriteLine(
            $"{songs.Songs.Count} songs to train on ({songs.Hours:F1} h), {validation.Count} for validation, {settings.TotalSteps} steps, "
            + $"{count} threads.");
        using var progress = new TrainingProgressBar(settings.TotalSteps);
        new TrainingRun(folder, settings, songs, validation, CorpusFolder.Name(corpus))
        {
            CheckpointInterval = checkpointInterval,
            UseBfloat16 = BrainFloat.IsFast,
            Threads = count,
            Note = Console.Error.WriteLine,
            Report = progress.Report,
        }.Run(resume, cancellation);
    }
}

/// <summary>Loss, rate and time left on standard error: a bar on a terminal, a line every twenty steps elsewhere.</summary>
internal sealed class TrainingProgressBar : IDisposable
{
    private const int LineEvery = 20;
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly TaskCompletionSource _done = new();
    private readonly Task? _bar;
    private readonly long _total;
    private volatile ProgressTask? _task;
    private double _secondsPerStep;

    public TrainingProgressBar(long totalSteps)
    {
        _total = totalSteps;
        if (!_console.Profile.Capabilities.Interactive)
            return;
        _bar = _console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                _task = context.AddTask("training", maxValue: totalSteps);
                await _done.Task;
            });
    }

    public void Report(TrainingProgress progress)
    {
        LogRow row = progress.Row;
        _secondsPerStep = _secondsPerStep == 0 ? row.Seconds : 0.95 * _secondsPerStep + 0.05 * row.Seconds;
        string text = $"{row.Stage} step {row.Step + 1}/{_total} loss {row.Loss:F3} {1 / _secondsPerStep:F2} steps/s";
        if (row.ValidationRecallAt1 is { } recall)
            text += $" validation R@1 {100 * recall:F1} % mean rank {100 * row.ValidationMeanRank:F1} %";
        if (_task is { } current)
        {
            current.Description = Markup.Escape(text);
            current.Value = row.Step + 1;
        }
        else if ((row.Step + 1) % LineEvery == 0 || row.ValidationRecallAt1 is not null)
        {
            _console.WriteLine($"{text}, {TimeSpan.FromSeconds(_secondsPerStep * (_total - row.Step - 1)):h\\:mm\\:ss} left");
        }
    }

    public void Dispose()
    {
        _done.TrySetResult();
        _bar?.Wait();
    }
}
