using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>The rows of a comparison as a table of Markdown.</summary>
internal static class ComparisonTable
{
    private const string OwnPrefix = "ours", BatchOfOne = "batch 1", Batch = "batch";

    private static readonly string[] Columns = ["work", "threads", "ours, ms", "rival", "rival, ms", "times faster", "of the limit"];

    /// <summary>The rows that a newcomer asks for: others' programs only, and one window at a time.</summary>
    public static string InShort(IReadOnlyList<ComparisonRow> rows)
    {
        ComparisonRow[] some = [.. rows.Where(row => !row.Rival.StartsWith(OwnPrefix, StringComparison.Ordinal)
            && (row.Name.EndsWith(BatchOfOne, StringComparison.Ordinal) || !row.Name.Contains(Batch)))];
        return some.Length == 0 ? "" : Of(some);
    }

    /// <summary>The table, with where and when it was measured.</summary>
    public static string Of(IReadOnlyList<ComparisonRow> rows) =>
        DocumentTable.Of(Columns, rows.Select(row => new[]
        {
            row.Name, Invariant($"{row.Threads}"), Invariant($"{row.OursMs}"), row.Rival, Invariant($"{row.RivalMs}"), Invariant($"{row.Ratio:0.0#}"),
            row.OfLimit is { } share ? Invariant($"{100 * share:0} % ({row.Limit})") : "",
        })) + DocumentTable.Provenance(rows[^1].Date, rows[^1].Machine, rows[^1].Commit);
}
