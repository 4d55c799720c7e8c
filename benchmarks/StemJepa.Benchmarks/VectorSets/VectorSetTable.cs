using static System.FormattableString;

namespace StemJepa.Benchmarks.VectorSets;

/// <summary>The rows as a table of Markdown.</summary>
internal static class VectorSetTable
{
    private static readonly string[] Columns = ["embeddings", "recordings", "links", "writes / s", "effort", "recall@10", "search, ms"];

    public static string Of(IReadOnlyList<VectorSetRow> rows) => Invariant($"Server: {rows[^1].Server}, in one set.\n\n")
        + DocumentTable.Of(Columns, rows.Select(row => new[]
        {
            row.Data, Invariant($"{row.Recordings}"), Invariant($"{row.Links}"), Invariant($"{row.WritesPerSecond:0}"), row.Effort is { } effort ? Invariant($"{effort}") : "exact",
            Invariant($"{row.RecallAt10:0.000}"), Invariant($"{row.SearchMs:0.0}"),
        })) + DocumentTable.Provenance(rows[^1].Date, rows[^1].Machine, rows[^1].Commit);
}
