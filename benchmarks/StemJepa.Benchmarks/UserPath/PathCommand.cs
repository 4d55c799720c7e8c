using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.UserPath;

/// <summary>The command <c>path</c>: what users of the shipped model meet, from a cold start to many callers, each beside its aim.</summary>
internal static class PathCommand
{
    private const int HourSeconds = 3600;
    private const double RestSeconds = 5;

    public static Command Create()
    {
        Option<string> file = MeasurementOptions.Json("path.json");
        Option<string[]> documents = DocumentTable.Option();
        Option<int> rounds = MeasurementOptions.Rounds(5);
        var command = new Command("path", "What users of the shipped model meet: cold start, memory, allocation, idle processor, callers at once.") { file, documents, rounds };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(file), parsed.GetRequiredValue(documents), parsed.GetValue(rounds), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string file, string[] documents, int rounds, CancellationToken cancel)
    {
        var figures = new FigureList(await Provenance.HereAsync());
        await AddProcessesAsync(figures, rounds, cancel);
        CallCosts.Add(figures, rounds, cancel);
        AddConcurrency(figures, new StemAffinityOptions(), "", rounds, cancel);
        AddConcurrency(figures, new StemAffinityOptions { Spins = true }, ", if threads spun", rounds, cancel);
        AnsiConsole.Write(figures.ToConsole());
        ResultsJson.Write(file, figures.All);
        DocumentTable.Write(documents, ("path.json", figures.ToMarkdown()));
        return 0;
    }

    private static async Task AddProcessesAsync(FigureList figures, int rounds, CancellationToken cancel)
    {
        var starts = new List<TrialResult>();
        for (int round = 0; round < rounds; round++)
            starts.Add(await FreshProcess.RunAsync(cancel));
        figures.AddBelow("cold start: open the model and embed 8 s, in a fresh process", starts.Select(start => start.ColdStartMs), "ms", 400);
        TrialResult hour = await FreshProcess.RunAsync(cancel, HourSeconds, rest: RestSeconds);
        figures.AddBelow("most memory of a process that embeds an hour of 44.1 kHz stereo WAV", [hour.PeakMemoryMb], "MB", 250);
        figures.Add("time for that hour", [hour.EmbedSeconds], "s");
        figures.AddBelow(Invariant($"processor time of that process in {RestSeconds} s of rest afterwards"), [1000 * RestSeconds * hour.IdleCpu], "ms", 10);
    }

    private static void AddConcurrency(FigureList figures, StemAffinityOptions options, string suffix, int rounds, CancellationToken cancel)
    {
        IReadOnlyList<double> rates = Concurrency.Measure(options, rounds, cancel);
        for (int i = 0; i < rates.Count; i++)
        {
            string callers = Concurrency.Callers[i] == 1 ? "1 caller" : $"{Concurrency.Callers[i]} callers";
            figures.Add($"clips of 8 s per second, {callers}{suffix}", [rates[i]], "1/s");
            figures.AddAtLeast($"the same, of the best number of callers{suffix}", [rates[i] / rates.Max()], "", 0.95);
        }
    }
}
