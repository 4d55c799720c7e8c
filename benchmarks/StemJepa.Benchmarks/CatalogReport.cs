using System.Text.Json.Serialization;
using MathNet.Numerics.Statistics;
using StemJepa.Benchmarks.Comparison;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks;

/// <summary>What <see cref="CatalogBenchmark"/> measured.</summary>
/// <param name="Entries">Recordings in each catalogue.</param>
/// <param name="EmbeddingLength">Values in an embedding.</param>
/// <param name="BandwidthGigabytesPerSecond">Bytes that all cores read from memory, in units of 1e9 a second.</param>
/// <param name="Catalogues">One for each precision.</param>
/// <param name="Rows">Beside rivals.</param>
internal sealed record CatalogReport(
    int Entries, int EmbeddingLength, double BandwidthGigabytesPerSecond, IReadOnlyList<CatalogFigures> Catalogues, IReadOnlyList<ComparisonRow> Rows)
{
    /// <summary>The mark of the tables in documents.</summary>
    public const string Mark = "catalog.json";

    /// <summary>The tables for a document, with where and when they were measured.</summary>
    public string ToMarkdown() =>
        Invariant($"{Entries:N0} recordings of {EmbeddingLength} values; all cores read {BandwidthGigabytesPerSecond:0.0} GB/s from memory.\n\n") +
        DocumentTable.Of(["catalogue", "disk, GB", "open, ms", "first search, ms", "next searches, ms", "of the bandwidth", "recall@10"], Catalogues.Select(Cells)) + "\n" +
        DocumentTable.Of(["search in turn with rivals", "ours, ms", "rival", "rival, ms", "times faster", "of the bandwidth"], Rows.Select(row => (string[])
            [row.Name, Invariant($"{row.OursMs:0.0}"), row.Rival, Invariant($"{row.RivalMs:0}"), Invariant($"{row.Ratio:0.0}"), Invariant($"{100 * row.OfLimit:0} %")])) +
        DocumentTable.Provenance(Rows[0].Date, Rows[0].Machine, Rows[0].Commit);

    private string[] Cells(CatalogFigures figures)
    {
        double median = figures.SearchMs.Median(), gigabytes = 1e-9 * Entries * EmbeddingLength * (figures.Precision == "int8" ? sizeof(sbyte) : sizeof(float));
        return
        [
            figures.Precision, Invariant($"{1e-9 * figures.Bytes:0.00}"), Invariant($"{figures.OpenMs:0.0}"), Invariant($"{figures.FirstSearchMs:0}"), Invariant($"{median:0.0}"),
            Invariant($"{100 * gigabytes / (median / 1000) / BandwidthGigabytesPerSecond:0} %"), Invariant($"{figures.RecallAt10:0.000}"),
        ];
    }
}

/// <summary>One catalogue.</summary>
/// <param name="Precision"><c>single</c> or <c>int8</c>.</param>
/// <param name="OpenMs">Opening it.</param>
/// <param name="FirstSearchMs">The first search, which verifies checksums too.</param>
/// <param name="Bytes">Its files.</param>
/// <param name="RecallAt10">Share of the exact ten best that it finds.</param>
/// <param name="SearchMs">Times of single searches, one after the other, as they came.</param>
internal sealed record CatalogFigures(
    string Precision, double OpenMs, double FirstSearchMs, long Bytes, [property: JsonPropertyName("recall@10")] double RecallAt10, IReadOnlyList<double> SearchMs);
