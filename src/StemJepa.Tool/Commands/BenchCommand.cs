using System.CommandLine;
using System.Globalization;
using StemJepa.Tool.Bench;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa bench</c>: how fast the model is on this machine, and whether it is slower than it was.</summary>
internal static class BenchCommand
{
    private const double ShortestSeconds = 0.1, LongestSeconds = 3600;

    public static Command Create(Terminal terminal)
    {
        var seconds = new Option<double>("--seconds")
        {
            Description = "How long to measure.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 20,
        };
        var against = new Option<string?>("--against")
        {
            Description = "What an earlier 'bench --json' printed on this machine; a slower run fails.",
            HelpName = "FILE",
        };
        var ratio = new Option<double>("--at-least")
        {
            Description = "With --against: the least clips per second, as a fraction of the earlier run's.",
            HelpName = "RATIO",
            DefaultValueFactory = _ => 0.8,
        };
        seconds.Refuse(value => Describe(value, ShortestSeconds, LongestSeconds, "--seconds"));
        ratio.Refuse(value => Describe(value, 0, 100, "--at-least"));
        Option<bool> json = CommonOptions.Json();
        var model = new ModelOptions();
        var command = new Command("bench", "How fast is the model on this machine?") { seconds, against, ratio, json, model };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal, parsed.GetValue(seconds), parsed.GetValue(against),
            parsed.GetValue(ratio), model.Read(parsed, terminal), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static string? Describe(double value, double low, double high, string option) => value >= low && value <= high ? null
        : FormattableString.Invariant($"{option} {value} is out of range; use {low} to {high}");

    private static int Run(
        Terminal terminal, double seconds, string? against, double leastRatio, ModelChoice choice, bool json,
        CancellationToken cancellationToken)
    {
        BenchReport? earlier = against is null ? null : BenchReport.Load(against);
        BenchReport report = terminal.Track("Measuring", ModelBench.Steps,
            progress => ModelBench.Run(() => choice.Open(), seconds, progress, cancellationToken));
        if (json)
            terminal.WriteJson(report, BenchJson.Default.BenchReport);
        else
            terminal.Write(report.ToTable());
        if (earlier is null || report.ClipsPerSecond >= leastRatio * earlier.ClipsPerSecond)
            return ExitCode.Success;
        terminal.WriteError(string.Create(CultureInfo.InvariantCulture,
            $"{report.ClipsPerSecond:0.#} clips per second are {report.ClipsPerSecond / earlier.ClipsPerSecond:0.00} "
            + $"of the {earlier.ClipsPerSecond:0.#} in {against}, and at least {leastRatio:0.00} is wanted; "
            + $"look for what became slower, or measure anew."));
        return ExitCode.BadData;
    }
}
