using Spectre.Console;

namespace StemJepa.Training.Evaluation;

/// <summary>A report as tables in Markdown's form.</summary>
internal static class RetrievalTables
{
    /// <summary>What a reader of the tables must know.</summary>
    public const string Note = "Rows with " + RetrievalReport.AlignedSuffix + " compare moment by moment, which is not the paper's protocol: being in step with the mix helps "
        + "by itself, as mean_log_mel" + RetrievalReport.AlignedSuffix + " shows. Published figures are of other songs and among 600 stems.";

    /// <summary>The paper's figures of every method over all songs, by stem for the model, and the published ones.</summary>
    public static Table All(RetrievalReport report)
    {
        Table table = Figures(report.Methods, report.ModelName);
        foreach (var (corpus, methods) in report.Published)
        foreach (var (method, metrics) in methods)
            AddRow(table, PublishedName(corpus, method), metrics);
        return table;
    }

    /// <summary>The same over the real songs alone; null if there are none.</summary>
    public static Table? RealOnly(RetrievalReport report) =>
        report.RealOnly is { } real ? Figures(real.Methods, report.ModelName) : null;

    /// <summary>Figures among stems of the right kind, and what came first where the true stem did not, over all songs.</summary>
    public static Table Further(RetrievalReport report)
    {
        Table table = new Table().MarkdownBorder().AddColumns(["",
            "R@1 right stem only %", .. RetrievalResult.CandidateCounts.Select(count => $"first of {count} %"),
            "misses", "right song, wrong stem %", "right stem, wrong song %", "both wrong %"]);
        foreach (var (method, result) in report.Methods)
        {
            table.AddRow([Markup.Escape(NameOf(method, report.ModelName)),
                Percent(result.SameStem.RecallAt1),
                .. RetrievalResult.CandidateCounts.Select(count => result.SameStemTop1.TryGetValue(count, out double share) ? Percent(share) : "-"),
                result.Misses.Misses.ToString(),
                Percent(result.Misses.RightSongWrongStem), Percent(result.Misses.RightStemWrongSong), Percent(result.Misses.BothWrong)]);
        }
        return table;
    }

    private static Table Figures(IReadOnlyDictionary<string, RetrievalResult> methods, string modelName)
    {
        Table table = new Table().MarkdownBorder().AddColumns("", "queries", "R@1 %", "R@5 %", "R@10 %", "mean rank %", "median rank %");
        foreach (var (method, result) in methods)
        {
            AddRow(table, NameOf(method, modelName), result.All);
            if (method is not (RetrievalReport.ModelMethod or RetrievalReport.AlignedMethod))
                continue;
            foreach (var (stem, metrics) in result.PerStem)
                AddRow(table, "  " + stem, metrics);
            AddRow(table, "  among the right stem only", result.SameStem);
        }
        return table;
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
