using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
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
    private const double SecondsOfTurn = 0.1;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var file = new Option<string>("--json") { Description = "Results file.", DefaultValueFactory = _ => "benchmarks/results/compare.json" };
        var only = new Option<string>("--only") { Description = "Only rows whose names begin so.", DefaultValueFactory = _ => "" };
        var document = new Option<string?>("--document") { Description = "A document whose table is replaced by the results, such as README.md." };
        var rounds = new Option<int>("--rounds") { Description = "Turns of each side; the medians count.", DefaultValueFactory = _ => 15 };
        var command = new Command("compare", "Ours and the rivals, interleaved in one process.") { file, only, document, rounds };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(file), parsed.GetRequiredValue(only), parsed.GetValue(document), parsed.GetValue(rounds), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string file, string only, string? document, int rounds, CancellationToken cancel)
    {
        Provenance here = await Provenance.HereAsync();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        using var workshop = new Workshop();
        var rows = new List<ComparisonRow>();
        await console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn()).StartAsync(progress =>
        {
            Func<Duel>[] duels = [.. FrontEndDuels.All(), .. AudioDuels.All(workshop), .. EncoderDuels.All(workshop), .. PathDuels.All(workshop)];
            ProgressTask task = progress.AddTask("comparing", maxValue: duels.Length);
            foreach (Func<Duel> prepare in duels)
            {
                cancel.ThrowIfCancellationRequested();
                Duel duel = prepare();
                task.Description = $"{duel.Name} / {duel.Rival}".EscapeMarkup();
                if (duel.Name.StartsWith(only, StringComparison.Ordinal))
                    rows.Add(Fight(duel, rounds, here));
                task.Increment(1);
            }
            return Task.CompletedTask;
        });
        Print(rows);
        AtomicFile.Write(file, stream => JsonSerializer.Serialize(stream, rows, Json));
        if (document is not null)
            ReadmeTable.Write(document, rows);
        return 0;
    }

    private static ComparisonRow Fight(Duel duel, int rounds, Provenance here)
    {
        set_num_threads(duel.Threads);
        int ourRepeats = Repeats(duel.Ours), theirRepeats = Repeats(duel.Theirs);
        var ours = new double[rounds];
        var theirs = new double[rounds];
        var limit = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            limit[round] = duel.Gigaflops is not null ? MachineLimits.GemmGigaflopsPerSecond(duel.Threads)
                : duel.Gigabytes is not null ? MachineLimits.CopyGigabytesPerSecond() : 0;
            set_num_threads(duel.Threads);
            ours[round] = Seconds(duel.Ours, ourRepeats);
            theirs[round] = Seconds(duel.Theirs, theirRepeats);
        }
        double our = ours.Median(), their = theirs.Median(), work = duel.Gigaflops ?? duel.Gigabytes ?? 0;
        string? name = duel.Gigaflops is not null ? "gemm" : duel.Gigabytes is not null ? "bandwidth" : null;
        return new ComparisonRow(duel.Name, Rounded(our * 1000), duel.Rival, Rounded(their * 1000), Math.Round(their / our, 2),
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
