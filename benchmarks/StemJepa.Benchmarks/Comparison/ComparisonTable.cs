using MathNet.Numerics.Statistics;
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

    /// <summary>The table, with where and when it was measured, and with the ratios of a run before if there is one.</summary>
    public static string Of(IReadOnlyList<ComparisonRow> rows, IReadOnlyList<ComparisonRow>? before = null)
    {
        double?[] earlier = [.. rows.Select(row => before?.FirstOrDefault(other => (other.Name, other.Rival) == (row.Name, row.Rival))?.Ratio)];
        bool both = earlier.Any(ratio => ratio is not null);
        IEnumerable<string> columns = both ? [.. Columns, $"times faster on {before![0].Date}"] : Columns;
        return DocumentTable.Of([.. columns], rows.Zip(earlier, (row, ratio) => (string[])
        [
            row.Name, Invariant($"{row.Threads}"), Invariant($"{row.OursMs}"), row.Rival, Invariant($"{row.RivalMs}"), Invariant($"{row.Ratio:0.0#}"),
            row.OfLimit is { } share ? Invariant($"{100 * share:0} % ({row.Limit})") : "",
            .. both ? [Invariant($"{ratio:0.0#}")] : Array.Empty<string>(),
        ])) + DocumentTable.Provenance(rows[^1].Date, rows[^1].Machine, rows[^1].Commit) + (both ? Agreement(rows, earlier, before![0]) : "");
    }

    private static string Agreement(IReadOnlyList<ComparisonRow> rows, double?[] earlier, ComparisonRow before)
    {
        double[] change = [.. rows.Zip(earlier).Where(pair => pair.Second is not null).Select(pair => Math.Exp(Math.Abs(Math.Log(pair.First.Ratio / pair.Second!.Value))) - 1)];
        return Invariant($"\nOn {before.Date} (commit `{before.Commit}`) the ratios were others by {100 * change.Median():0} % in the median and {100 * change.Max():0} % at most.\n");
    }
}
