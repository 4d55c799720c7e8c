using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.VectorSets;

/// <summary>The rows as a table of Markdown: a line for each set, a column for each way to search it.</summary>
internal static class VectorSetTable
{
    public static string Of(IReadOnlyList<VectorSetRow> rows)
    {
        string[] efforts = [.. rows.Select(Name).Distinct()];
        var sets = rows.GroupBy(row => (row.Data, row.Recordings, row.Links));
        return DocumentTable.Of(["embeddings", "recordings", "links", .. efforts], sets.Select(set => (string[])
            [
                set.Key.Data, Invariant($"{set.Key.Recordings}"), Invariant($"{set.Key.Links}"),
                .. efforts.Select(effort => Invariant($"{set.First(row => Name(row) == effort).RecallAt10:0.000}")),
            ])) + DocumentTable.Provenance(rows[^1].Date, $"{rows[^1].Server}, {rows[^1].Machine}", rows[^1].Commit);
    }

    private static string Name(VectorSetRow row) => row.Effort is { } effort ? Invariant($"effort {effort}") : "exact";
}
