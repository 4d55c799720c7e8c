using System.CommandLine;
using System.Diagnostics;
using StemJepa.Training.Evaluation;

namespace StemJepa.Benchmarks.Measuring;

/// <summary>
/// A command that measures, writes its results with their provenance as JSON, and writes their tables between marks of documents. With
/// <c>--report</c> it writes the tables from the results file and measures nothing.
/// </summary>
/// <typeparam name="T">The results; JSON holds all of them.</typeparam>
/// <param name="name">Name of the command, and of its results file unless <c>--json</c> names another.</param>
/// <param name="description">One sentence for the help text.</param>
internal sealed class Measurement<T>(string name, string description)
{
    /// <summary>Measures.</summary>
    public required Func<ParseResult, CancellationToken, Task<T>> MeasureAsync { get; init; }

    /// <summary>Formats the results as Markdown: what documents show between the marks that are named after the results file.</summary>
    public required Func<T, string> Table { get; init; }

    /// <summary>Formats a selection of the results, for documents with the marks <c>FILE in short</c>.</summary>
    public Func<T, string>? ShortTable { get; init; }

    /// <summary>Writes further files from the results, such as a plot.</summary>
    public Action<ParseResult, T>? WriteFiles { get; init; }

    /// <summary>Options of this command, besides <c>--json</c>, <c>--document</c> and <c>--report</c>.</summary>
    public IReadOnlyList<Option> Options { get; init; } = [];

    /// <summary>Creates the command.</summary>
    public Command ToCommand()
    {
        var json = new Option<string>("--json")
        {
            Description = "Results file.",
            DefaultValueFactory = _ => $"benchmarks/results/{name}.json",
        };
        Option<string[]> documents = DocumentTable.Option();
        var report = new Option<bool>("--report") { Description = "Write tables and plots from the results file; measure nothing." };
        var command = new Command(name, description) { json, documents, report };
        foreach (Option option in Options)
            command.Options.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            await RunAsync(parsed, parsed.GetRequiredValue(json), parsed.GetRequiredValue(documents), parsed.GetValue(report), cancel);
            return 0;
        });
        return command;
    }

    private async Task RunAsync(ParseResult parsed, string file, string[] documents, bool isReport, CancellationToken cancel)
    {
        string mark = Path.GetFileName(file), shortMark = $"{mark} in short";
        string[] marks = ShortTable is null ? [mark] : [mark, shortMark];
        DocumentTable.Check(documents, marks);
        if (!isReport)
            ResultsJson.Write(file, await MeasureAsync(parsed, cancel));
        T results = ResultsJson.Read<T>(file);
        string table = Table(results);
        Console.WriteLine(table);
        WriteFiles?.Invoke(parsed, results);
        if (ShortTable is null)
            DocumentTable.Write(documents, (mark, table));
        else
            DocumentTable.Write(documents, (mark, table), (shortMark, ShortTable(results)));
    }
}

/// <summary>Rounds and repeated calls, as all measurements use them.</summary>
internal static class Timing
{
    /// <summary>An option for the number of rounds; the results are medians of them.</summary>
    public static Option<int> Rounds(int usual)
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds; results are medians.", DefaultValueFactory = _ => usual };
        rounds.Require(value => value >= 1, $"--rounds is a whole number from 1 on, such as {usual}.");
        return rounds;
    }

    /// <summary>Measures the seconds that one call takes, as the mean of <paramref name="repeats"/> calls.</summary>
    public static double Seconds(Action work, int repeats = 1)
    {
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < repeats; i++)
            work();
        return watch.Elapsed.TotalSeconds / repeats;
    }
}
