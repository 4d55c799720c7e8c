using System.Text.Json.Serialization;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>One line of the results: medians of interleaved rounds.</summary>
/// <param name="Name">The work.</param>
/// <param name="OursMs">Our time.</param>
/// <param name="Rival">What else does the same work.</param>
/// <param name="RivalMs">The rival's time.</param>
/// <param name="Ratio">The rival's time over ours.</param>
/// <param name="Limit">What bounds the work on this machine: <c>gemm</c>, <c>bandwidth</c> or nothing.</param>
/// <param name="OfLimit">Our share of that limit, measured in the same rounds; 0..1.</param>
/// <param name="Threads">Threads of both.</param>
internal sealed record ComparisonRow(
    string Name,
    [property: JsonPropertyName("ours_ms")] double OursMs,
    string Rival,
    [property: JsonPropertyName("rival_ms")] double RivalMs,
    double Ratio,
    string? Limit,
    [property: JsonPropertyName("of_limit")] double? OfLimit,
    int Threads,
    string Date,
    string Machine,
    string Commit);

/// <summary>Formats the rows of a comparison as Markdown.</summary>
internal static class ComparisonReport
{
    private const string OwnPrefix = "ours", BatchOfOne = "batch 1", Batch = "batch";

    private static readonly string[] Columns = ["work", "threads", "ours, ms", "rival", "rival, ms", "times faster", "of the limit"];

    /// <summary>Formats the rows against others' programs, of encoders only those with one window at a time.</summary>
    public static string ToShortMarkdown(IReadOnlyList<ComparisonRow> rows)
    {
        ComparisonRow[] some = [.. rows.Where(row => !row.Rival.StartsWith(OwnPrefix, StringComparison.Ordinal)
            && (row.Name.EndsWith(BatchOfOne, StringComparison.Ordinal) || !row.Name.Contains(Batch)))];
        return some.Length == 0 ? "" : ToMarkdown(some);
    }

    /// <summary>Formats all rows, with where and when they were measured.</summary>
    public static string ToMarkdown(IReadOnlyList<ComparisonRow> rows) => DocumentTable.Of(Columns, rows.Select(row => (string[])
    [
        row.Name,
        Invariant($"{row.Threads}"),
        Invariant($"{row.OursMs}"),
        row.Rival,
        Invariant($"{row.RivalMs}"),
        Invariant($"{row.Ratio:0.0#}"),
        row.OfLimit is { } share ? Invariant($"{100 * share:0} % ({row.Limit})") : "",
    ])) + DocumentTable.Provenance(rows[^1].Date, rows[^1].Machine, rows[^1].Commit);
}
