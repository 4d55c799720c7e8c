using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.Precision;

/// <summary>The rows as a table of Markdown.</summary>
internal static class PrecisionTable
{
    private static readonly string[] Columns =
        ["precision", "operators", "encoder, MB", "embed 8 s, ms", "embed 5 min, ms", "least cosine, stems", "least cosine, predictions", "R@1 %"];

    public static string Of(IReadOnlyList<PrecisionRow> rows) =>
        DocumentTable.Of(Columns, rows.Select(row => new[]
        {
            row.Precision, row.Operators, Invariant($"{row.EncoderMb:0.00}"), Invariant($"{row.Embed8sMs:0.00}"), Invariant($"{row.Embed5minMs:0}"),
            Invariant($"{row.LeastCosine:0.0000}"), Invariant($"{row.LeastPredictedCosine:0.0000}"), row.RecallAt1 is { } recall ? Invariant($"{100 * recall:0.0}") : "",
        })) + DocumentTable.Provenance(rows[^1].Date, rows[^1].Machine, rows[^1].Commit);
}
