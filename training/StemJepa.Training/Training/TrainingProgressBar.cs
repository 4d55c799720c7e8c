using Spectre.Console;

namespace StemJepa.Training.Training;

/// <summary>
/// Loss, rate and time left on standard error: a bar on a terminal, a line every twenty steps elsewhere.
/// </summary>
internal sealed class TrainingProgressBar : IDisposable
{
    private const int LineEvery = 20;
    private readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly TaskCompletionSource done = new();
    private readonly Task? bar;
    private readonly long total;
    private volatile ProgressTask? task;
    private double secondsPerStep;

    public TrainingProgressBar(long totalSteps)
    {
        total = totalSteps;
        if (!console.Profile.Capabilities.Interactive)
            return;
        bar = console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                task = context.AddTask("training", maxValue: totalSteps);
                await done.Task;
            });
    }

    public void Report(TrainingProgress progress)
    {
        LogRow row = progress.Row;
        secondsPerStep = secondsPerStep == 0 ? row.Seconds : 0.95 * secondsPerStep + 0.05 * row.Seconds;
        string text = $"{row.Stage} step {row.Step + 1}/{total} loss {row.Loss:F3} {1 / secondsPerStep:F2} steps/s";
        if (row.ValidationRecallAt1 is { } recall)
            text += $" validation R@1 {100 * recall:F1} % mean rank {100 * row.ValidationMeanRank:F1} %";
        if (task is { } current)
        {
            current.Description = Markup.Escape(text);
            current.Value = row.Step + 1;
        }
        else if ((row.Step + 1) % LineEvery == 0 || row.ValidationRecallAt1 is not null)
        {
            console.WriteLine($"{text}, {TimeSpan.FromSeconds(secondsPerStep * (total - row.Step - 1)):h\\:mm\\:ss} left");
        }
    }

    public void Dispose()
    {
        done.TrySetResult();
        bar?.Wait();
    }
}
