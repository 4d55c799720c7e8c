using System.CommandLine;
using System.Diagnostics;
using MathNet.Numerics.Statistics;
using Spectre.Console;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Training.Evaluation;
using static TorchSharp.torch;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>A comparison that may be run.</summary>
/// <param name="Name">The work, as the results call it.</param>
/// <param name="Rival">What else does the same work.</param>
/// <param name="Prepare">Creates the inputs of both sides; called only for comparisons that are run.</param>
internal sealed record ComparisonPlan(string Name, string Rival, Func<PreparedComparison> Prepare);

/// <summary>The same work done by us and by a rival.</summary>
/// <param name="Ours">Does it once.</param>
/// <param name="Theirs">Does it once.</param>
internal sealed record PreparedComparison(Action Ours, Action Theirs)
{
    /// <summary>
    /// Multiplications and additions of matrix products and convolutions, in units of 1e9; null when the matrix rate does not bound the
    /// work.
    /// </summary>
    public double? Gigaflops { get; init; }

    /// <summary>Bytes, in units of 1e9, that the work must move; null when the memory does not bound it.</summary>
    public double? Gigabytes { get; init; }

    /// <summary>Threads that both may use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>
/// The command <c>compare</c>: we and our rivals do the same work in turn (A B A B) in one process, so that a disturbance meets both.
/// </summary>
internal static class CompareCommand
{
    private const int FewestRounds = 5;
    private const double SecondsPerTurn = 0.1, SecondsPerComparison = 20;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var only = new Option<string>("--only") { Description = "Only rows whose names begin with this.", DefaultValueFactory = _ => "" };
        var rival = new Option<string>("--rival")
        {
            Description = "Only rows against rivals whose names begin with this.",
            DefaultValueFactory = _ => "",
        };
        Option<int> rounds = Timing.Rounds(15);
        return new Measurement<IReadOnlyList<ComparisonRow>>("compare", "Ours and the rivals, interleaved in one process.")
        {
            Options = [only, rival, rounds],
            MeasureAsync = (parsed, cancel) =>
                MeasureAsync(parsed.GetRequiredValue(only), parsed.GetRequiredValue(rival), parsed.GetValue(rounds), cancel),
            Table = ComparisonReport.ToMarkdown,
            ShortTable = ComparisonReport.ToShortMarkdown,
        }.ToCommand();
    }

    private static async Task<IReadOnlyList<ComparisonRow>> MeasureAsync(string only, string rival, int rounds, CancellationToken cancel)
    {
        Provenance here = await Provenance.HereAsync();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        using var fixture = new Fixture();
        using var limits = new MachineLimits();
        IEnumerable<ComparisonPlan>[] parts =
        [
            FrontEndComparisons.All(), AudioComparisons.All(fixture), EncoderComparisons.All(fixture), EmbeddingComparisons.All(fixture),
            StretchComparisons.All(fixture),
        ];
        ComparisonPlan[] plans = [.. parts.SelectMany(part => part).Where(plan =>
            plan.Name.StartsWith(only, StringComparison.Ordinal) && plan.Rival.StartsWith(rival, StringComparison.Ordinal))];
        if (plans.Length == 0)
        {
            throw new StemJepaException(
                $"--only '{only}' --rival '{rival}': no row has such names; try front-end, encoder, embed or rank, and libtorch or "
                    + "NWaves.");
        }
        var rows = new List<ComparisonRow>();
        console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn()).Start(progress =>
        {
            ProgressTask task = progress.AddTask("comparing", maxValue: plans.Length);
            foreach (ComparisonPlan plan in plans)
            {
                cancel.ThrowIfCancellationRequested();
                task.Description = plan.Name.EscapeMarkup();
                rows.Add(Compare(plan, limits, rounds, here));
                task.Increment(1);
            }
        });
        return rows;
    }

    /// <summary>Runs as many rounds as are asked for, or fewer where they take long.</summary>
    private static ComparisonRow Compare(ComparisonPlan plan, MachineLimits limits, int rounds, Provenance here)
    {
        PreparedComparison prepared = plan.Prepare();
        set_num_threads(prepared.Threads);
        int ourRepeats = Repeats(prepared.Ours), theirRepeats = Repeats(prepared.Theirs);
        List<double> ours = [], theirs = [], limit = [];
        var watch = Stopwatch.StartNew();
        while (ours.Count < rounds && (ours.Count < FewestRounds || watch.Elapsed.TotalSeconds < SecondsPerComparison))
        {
            limit.Add(prepared.Gigaflops is not null ? limits.GemmGigaflopsPerSecond(prepared.Threads)
                : prepared.Gigabytes is not null ? limits.CopyGigabytesPerSecond() : 0);
            set_num_threads(prepared.Threads);
            ours.Add(Timing.Seconds(prepared.Ours, ourRepeats));
            theirs.Add(Timing.Seconds(prepared.Theirs, theirRepeats));
        }
        double our = ours.Median(), their = theirs.Median(), work = prepared.Gigaflops ?? prepared.Gigabytes ?? 0;
        string? name = prepared.Gigaflops is not null ? "gemm" : prepared.Gigabytes is not null ? "bandwidth" : null;
        return new ComparisonRow(plan.Name, Rounded(our * 1000), plan.Rival, Rounded(their * 1000), Math.Round(their / our, 2),
            name, name is null
                ? null : Math.Round(work / our / limit.Maximum(), 3), prepared.Threads, here.Date, here.Machine, here.Commit);
    }

    /// <summary>Returns how many calls fit into a turn, after one call to warm up.</summary>
    private static int Repeats(Action work)
    {
        work();
        return (int)Math.Clamp(SecondsPerTurn / Timing.Seconds(work), 1, 1e6);
    }

    private static double Rounded(double milliseconds) => Math.Round(milliseconds, milliseconds < 1 ? 4 : milliseconds < 100 ? 2 : 0);
}
