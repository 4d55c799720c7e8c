using System.Text.Json;
using System.Text.Json.Serialization;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>Retrieval through catalogues beside retrieval without: what <c>evaluate catalogue</c> writes.</summary>
/// <param name="Corpus">Whose test songs.</param>
/// <param name="ModelName">Which model.</param>
/// <param name="Exact">Without a catalogue, as <c>evaluate retrieval</c> has it.</param>
/// <param name="Catalogues">By the precision of the catalogue.</param>
internal sealed record CatalogueReport(
    [property: JsonPropertyName("corpus")] string Corpus,
    [property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("exact")] RetrievalMetrics Exact,
    [property: JsonPropertyName("catalogues")] IReadOnlyDictionary<string, CatalogueReport.Row> Catalogues,
    [property: JsonPropertyName("measured")] Provenance Measured)
{
    /// <summary>The mark of the table in documents.</summary>
    public const string Mark = "retrieval-catalogue.json";

    /// <summary>One catalogue.</summary>
    /// <param name="Model">Retrieval by its answers.</param>
    /// <param name="RecallOfBest10">The share of the ten truly best that a search for ten returns; 0..1.</param>
    public sealed record Row([property: JsonPropertyName("model")] RetrievalMetrics Model, [property: JsonPropertyName("recall_of_best_10")] double RecallOfBest10);

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, new JsonSerializerOptions { WriteIndented = true });

    /// <summary>The table for a document, with where and when it was measured.</summary>
    public string ToMarkdown() =>
        $"{Exact.Queries} queries of `{Corpus}`, {ModelName}.\n\n" +
        DocumentTable.Of(
            ["search", "R@1 %", "R@5 %", "R@10 %", "mean rank %", "median rank %", "of the ten best, found %"],
            [Cells("without a catalogue", Exact, 1), .. Catalogues.Select(row => Cells($"catalogue, {row.Key}", row.Value.Model, row.Value.RecallOfBest10))]) +
        DocumentTable.Provenance(Measured.Date, Measured.Machine, Measured.Commit);

    private static string[] Cells(string name, RetrievalMetrics metrics, double best) =>
    [
        name, Invariant($"{100 * metrics.RecallAt1:F1}"), Invariant($"{100 * metrics.RecallAt5:F1}"), Invariant($"{100 * metrics.RecallAt10:F1}"),
        Invariant($"{100 * metrics.MeanNormalizedRank:F2}"), Invariant($"{100 * metrics.MedianNormalizedRank:F2}"), Invariant($"{100 * best:F2}"),
    ];
}
