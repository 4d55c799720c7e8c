using System.CommandLine;
using System.Diagnostics;
using MathNet.Numerics.Statistics;
using Spectre.Console;
using StemJepa.Training.Evaluation;
using static TorchSharp.torch;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>
/// The command <c>compare</c>: we and our rivals do the same work in turn (A B A B) in one process, so that a noisy machine disturbs both alike.
/// </summary>
internal static class CompareCommand
{
    private const int FewestRounds = 5;
    private const double SecondsOfTurn = 0.1, SecondsOfDuel = 20;

    public static Command Create()
    {
        Option<string> file = MeasurementOptions.Json("compare.json");
        Option<string[]> documents = DocumentTable.Option();
        var only = new Option<string>("--only") { Description = "Only rows whose names begin so.", DefaultValueFactory = _ => "" };
        Option<int> rounds = MeasurementOptions.Rounds(15);
        var before = new Option<string?>("--before") { Description = "The results of a run on another day, whose ratios the documents' table shows too." };
        var command = new Command("compare", "Ours and the rivals, interleaved in one process.") { file, only, documents, rounds, before };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(file), parsed.GetRequiredValue(only), parsed.GetRequiredValue(documents), parsed.GetValue(rounds), parsed.GetValue(before), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string file, string only, string[] documents, int rounds, string? before, CancellationToken cancel)
    {
        ComparisonRow[]? earlier = before is null ? null : ResultsJson.Read<ComparisonRow[]>(before);
        Provenance here = await Provenance.HereAsync();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        using var workshop = new Workshop();
        using var limits = new MachineLimits();
        DuelPlan[] plans = [.. new[] { FrontEndDuels.All(), AudioDuels.All(workshop), EncoderDuels.All(workshop), PathDuels.All(workshop) }
            .SelectMany(part => part)
            .Where(plan => plan.Name.StartsWith(only, StringComparison.Ordinal))];
        if (plans.Length == 0)
            throw new StemJepaException($"--only {only}: no row's name begins so; try front-end, encoder, embed or rank.");
        var rows = new List<ComparisonRow>();
        console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn()).Start(progress =>
        {
            ProgressTask task = progress.AddTask("comparing", maxValue: plans.Length);
            foreach (DuelPlan plan in plans)
            {
                cancel.ThrowIfCancellationRequested();
                task.Description = plan.Name.EscapeMarkup();
                rows.Add(Fight(plan, limits, rounds, here));
                task.Increment(1);
            }
        });
        Print(rows);
        ResultsJson.Write(file, rows);
        DocumentTable.Write(documents, ("compare.json", ComparisonTable.Of(rows, earlier)), ("compare.json in short", ComparisonTable.InShort(rows)));
        return 0;
    }

    /// <summary>As many rounds as are asked for, or fewer where they take long.</summary>
    private static ComparisonRow Fight(DuelPlan plan, MachineLimits limits, int rounds, Provenance here)
    {
        Duel duel = plan.Prepare();
        set_num_threads(duel.Threads);
        int ourRepeats = Repeats(duel.Ours), theirRepeats = Repeats(duel.Theirs);
        List<double> ours = [], theirs = [], limit = [];
        var watch = Stopwatch.StartNew();
        while (ours.Count < rounds && (ours.Count < FewestRounds || watch.Elapsed.TotalSeconds < SecondsOfDuel))
        {
            limit.Add(duel.Gigaflops is not null ? limits.GemmGigaflopsPerSecond(duel.Threads)
                : duel.Gigabytes is not null ? limits.CopyGigabytesPerSecond() : 0);
            set_num_threads(duel.Threads);
            ours.Add(Seconds(duel.Ours, ourRepeats));
            theirs.Add(Seconds(duel.Theirs, theirRepeats));
        }
        double our = ours.Median(), their = theirs.Median(), work = duel.Gigaflops ?? duel.Gigabytes ?? 0;
        string? name = duel.Gigaflops is not null ? "gemm" : duel.Gigabytes is not null ? "bandwidth" : null;
        return new ComparisonRow(plan.Name, Rounded(our * 1000), duel.Rival, Rounded(their * 1000), Math.Round(their / our, 2),
            name, name is null ? null : Math.Round(work / our / limit.Maximum(), 3), duel.Threads, here.Date, here.Machine, here.Commit);
    }

    /// <summary>How often the work fits into a turn; the call before it warms up.</summary>
    private static int Repeats(Action work)
    {
        work();
        return (int)Math.Clamp(SecondsOfTurn / Seconds(work, 1), 1, 1e6);
    }

    private static double Seconds(Action work, int repeats)
    {
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < repeats; i++)
            work();
        return watch.Elapsed.TotalSeconds / repeats;
    }

    private static double Rounded(double milliseconds) => Math.Round(milliseconds, milliseconds < 1 ? 4 : milliseconds < 100 ? 2 : 0);

    private static void Print(IEnumerable<ComparisonRow> rows)
    {
        var table = new Table().AddColumns("work", "ours, ms", "rival", "rival's, ms", "ratio", "of the limit");
        foreach (ComparisonRow row in rows)
            table.AddRow(row.Name, $"{row.OursMs}", row.Rival, $"{row.RivalMs}", $"{row.Ratio}", row.OfLimit is { } share ? $"{share:P0} ({row.Limit})" : "");
        AnsiConsole.Write(table);
    }
}
