using Spectre.Console;

namespace StemJepa.Training.Evaluation;

/// <summary>A retrieval report as tables, for the terminal and for documents.</summary>
internal static class RetrievalTables
{
    /// <summary>Explains the tables to their readers.</summary>
    public const string Note = "Rows with " + RetrievalReport.AlignedSuffix
        + " compare in time (frame-wise), which is not the paper's protocol: "
        + "synchrony with the mix helps by itself, as mean_log_mel" + RetrievalReport.AlignedSuffix
        + " shows. Published figures are of other songs and among 600 stems.";

    /// <summary>Marks the tables in documents.</summary>
    public const string ShortMark = "retrieval.json in short", AllMark = "retrieval.json", RealMark = "retrieval.json, real songs",
        FurtherMark = "retrieval.json, further figures", FamiliesMark = "retrieval.json, families";

    private const int DocumentWidth = 250;

    /// <summary>All marks that a document may have.</summary>
    public static IReadOnlyList<string> Marks { get; } = [ShortMark, AllMark, RealMark, FurtherMark, FamiliesMark];

    /// <summary>Formats the tables for documents, with their marks.</summary>
    public static IReadOnlyList<(string Mark, string Table)> ForDocuments(RetrievalReport report)
    {
        string measured = DocumentTable.Provenance(report.Measured.Date, report.Measured.Machine, report.Measured.Commit);
        var tables = new List<(string, string)>
        {
            (ShortMark, ToMarkdown(Short(report)) + measured), (AllMark, ToMarkdown(All(report)) + measured),
                (FurtherMark, ToMarkdown(Further(report))),
        };
        if (RealOnly(report) is { } real)
            tables.Add((RealMark, ToMarkdown(real)));
        if (report.Families is { } families)
            tables.Add((FamiliesMark, families.ToMarkdown(report.ModelName) + measured));
        return tables;
    }

    /// <summary>Tabulates the paper's figures of every method over all songs and the published ones, without rows by stem.</summary>
    public static Table Short(RetrievalReport report) => AddPublished(Figures(report.Methods, report.ModelName, byStem: false), report);

    /// <summary>The paper's figures of every method over all songs, by stem for the model, and the published ones.</summary>
    public static Table All(RetrievalReport report) => AddPublished(Figures(report.Methods, report.ModelName), report);

    /// <summary>The same over the real songs alone; null if there are none.</summary>
    public static Table? RealOnly(RetrievalReport report) =>
        report.RealOnly is { } real ? Figures(real.Methods, report.ModelName) : null;

    /// <summary>Tabulates the figures among stems of the right kind and the kinds of errors, over all songs.</summary>
    public static Table Further(RetrievalReport report)
    {
        Table table = new Table().MarkdownBorder().AddColumns(["",
            "R@1 right stem only %", .. RetrievalResult.CandidateCounts.Select(count => $"first of {count} %"),
            "misses", "right song, wrong stem %", "right stem, wrong song %", "both wrong %"]);
        foreach (var (method, result) in report.Methods)
        {
            table.AddRow([Markup.Escape(NameOf(method, report.ModelName)),
                Percent(result.SameStem.RecallAt1),
                .. RetrievalResult.CandidateCounts.Select(count => result.SameStemTop1.TryGetValue(count, out double share)
                    ? Percent(share) : "-"),
                result.Misses.Misses.ToString(),
                Percent(result.Misses.RightSongWrongStem), Percent(result.Misses.RightStemWrongSong), Percent(result.Misses.BothWrong)]);
        }
        return table;
    }

    private static Table Figures(IReadOnlyDictionary<string, RetrievalResult> methods, string modelName, bool byStem = true)
    {
        Table table = new Table().MarkdownBorder().AddColumns("", "queries", "R@1 %", "R@5 %", "R@10 %", "mean rank %", "median rank %");
        foreach (var (method, result) in methods)
        {
            AddRow(table, NameOf(method, modelName), result.All);
            if (!byStem || method is not (RetrievalReport.ModelMethod or RetrievalReport.AlignedMethod))
                continue;
            foreach (var (stem, metrics) in result.PerStem)
                AddRow(table, "  " + stem, metrics);
            AddRow(table, "  among the right stem only", result.SameStem);
        }
        return table;
    }

    private static Table AddPublished(Table table, RetrievalReport report)
    {
        foreach (var (corpus, methods) in report.Published)
        foreach (var (method, metrics) in methods)
            AddRow(table, PublishedName(corpus, method), metrics);
        return table;
    }

    private static string ToMarkdown(Table table)
    {
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = DocumentWidth;
        console.Write(table);
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)) + "\n";
    }

    /// <summary>How tables and pictures label a published row.</summary>
    public static string PublishedName(string corpus, string method) => $"published, {corpus}: {method}";

    /// <summary>How tables and pictures label a measured row.</summary>
    public static string NameOf(string method, string modelName) => method switch
    {
        RetrievalReport.ModelMethod => modelName,
        RetrievalReport.AlignedMethod => modelName + RetrievalReport.AlignedSuffix,
        _ => method,
    };

    private static void AddRow(Table table, string name, RetrievalMetrics metrics) => table.AddRow(
        [Markup.Escape(name), metrics.Queries.ToString(), .. new[]
        {
            metrics.RecallAt1, metrics.RecallAt5, metrics.RecallAt10, metrics.MeanNormalizedRank, metrics.MedianNormalizedRank,
        }.Select(Percent)]);

    private static string Percent(double share) => $"{100 * share:F1}";
}
