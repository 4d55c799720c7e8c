using System.CommandLine;
using MathNet.Numerics.Statistics;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.UserPath;

/// <summary>
/// The command <c>path</c>: what users of the shipped model meet, from a cold start to many callers, each beside its target.
/// </summary>
internal static class PathCommand
{
    private const int HourSeconds = 3600;
    private const double RestSeconds = 5;
    private static readonly string[] Columns = ["what", "measured", "aim", "reached"];

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Option<int> rounds = Timing.Rounds(5);
        return new Measurement<IReadOnlyList<MeasuredQuantity>>(
            "path", "What users of the shipped model meet: cold start, memory, allocation, CPU at rest, concurrent callers.")
        {
            Options = [rounds],
            MeasureAsync = (parsed, cancel) => MeasureAsync(parsed.GetValue(rounds), cancel),
            Table = ToMarkdown,
        }.ToCommand();
    }

    /// <summary>Formats quantities beside their targets.</summary>
    public static string ToMarkdown(IReadOnlyList<MeasuredQuantity> quantities) =>
        DocumentTable.Of(Columns, quantities.Select(quantity => new[]
    {
        quantity.Name,
        Invariant($"{quantity.Value} {quantity.Unit}").TrimEnd(),
        quantity.Aim,
        quantity.Reached is { } reached ? reached ? "yes" : "no" : "",
    })) + DocumentTable.Provenance(quantities[^1].Date, quantities[^1].Machine, quantities[^1].Commit);

    private static async Task<IReadOnlyList<MeasuredQuantity>> MeasureAsync(int rounds, CancellationToken cancel)
    {
        var quantities = new QuantityList(await Provenance.HereAsync());
        await AddProcessesAsync(quantities, rounds, cancel);
        CallCosts.Add(quantities, rounds, cancel);
        Concurrency.Add(quantities, rounds, cancel);
        return quantities.All;
    }

    private static async Task AddProcessesAsync(QuantityList quantities, int rounds, CancellationToken cancel)
    {
        var starts = new List<TrialResult>();
        for (int round = 0; round < rounds; round++)
            starts.Add(await FreshProcess.RunAsync(cancel));
        quantities.AddBelow(
            "cold start: open the model and embed 8 s, in a fresh process", starts.Select(start => start.ColdStartMs), "ms", 400);
        TrialResult hour = await FreshProcess.RunAsync(cancel, HourSeconds, rest: RestSeconds);
        quantities.AddBelow("most memory of a process that embeds an hour of 44.1 kHz stereo WAV", [hour.PeakMemoryMb], "MB", 250);
        quantities.Add("time for that hour", [hour.EmbedSeconds], "s");
        quantities.AddBelow(
            Invariant($"processor time of that process in {RestSeconds} s of rest afterwards"), [1000 * RestSeconds * hour.IdleCpu], "ms",
                10);
    }
}

/// <summary>One measured quantity and its target.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The median, unless the name says otherwise.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Aim">The target, as a condition; empty if there is none.</param>
/// <param name="Reached">Whether the target is reached; null without one.</param>
/// <param name="Date">UTC day.</param>
/// <param name="Machine">Where.</param>
/// <param name="Commit">Of the code.</param>
internal sealed record MeasuredQuantity(
    string Name, double Value, string Unit, string Aim, bool? Reached, string Date, string Machine, string Commit);

/// <summary>Collects the quantities of one run.</summary>
internal sealed class QuantityList(Provenance here)
{
    private readonly List<MeasuredQuantity> _quantities = [];

    /// <summary>All quantities so far.</summary>
    public IReadOnlyList<MeasuredQuantity> All => _quantities;

    /// <summary>Adds the median of some measurements.</summary>
    public void Add(string name, IEnumerable<double> values, string unit) => Add(name, values, unit, "", _ => null);

    /// <summary>Adds the median of some measurements, whose target is to be below a limit.</summary>
    public void AddBelow(string name, IEnumerable<double> values, string unit, double limit) =>
        Add(name, values, unit, Invariant($"under {limit:0.##} {unit}").TrimEnd(), value => value < limit);

    /// <summary>Adds the median of some measurements, whose target is to be no less than a limit.</summary>
    public void AddAtLeast(string name, IEnumerable<double> values, string unit, double limit) =>
        Add(name, values, unit, Invariant($"at least {limit:0.##} {unit}").TrimEnd(), value => value >= limit);

    private void Add(string name, IEnumerable<double> values, string unit, string aim, Func<double, bool?> reached)
    {
        double median = values.Median();
        _quantities.Add(new MeasuredQuantity(
            name, Math.Round(median, median < 1 ? 4 : median < 100 ? 2 : 0), unit, aim, reached(median), here.Date, here.Machine,
                here.Commit));
    }
}
