using System.Text.Json.Serialization;
using MathNet.Numerics.Statistics;
using StemJepa.Benchmarks.Comparison;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.Catalogs;

/// <summary>Results of <see cref="CatalogCommand"/>.</summary>
/// <param name="Entries">Recordings in each catalogue.</param>
/// <param name="EmbeddingLength">Values in an embedding.</param>
/// <param name="BandwidthGigabytesPerSecond">Bytes that all cores read from memory, in units of 1e9 per second.</param>
/// <param name="Catalogues">One per precision.</param>
/// <param name="Rows">Comparisons with rivals.</param>
internal sealed record CatalogReport(
    int Entries, int EmbeddingLength, double BandwidthGigabytesPerSecond, IReadOnlyList<CatalogFigures> Catalogues,
    IReadOnlyList<ComparisonRow> Rows)
{
    private static readonly string[] CatalogColumns =
        ["catalogue", "disk, GB", "open, ms", "first search, ms", "next searches, ms", "of the bandwidth", "recall@10"];

    private static readonly string[] RivalColumns =
        ["search in turn with rivals", "ours, ms", "rival", "rival, ms", "times faster", "of the bandwidth"];

    /// <summary>Formats the tables for a document, with where and when they were measured.</summary>
    public string ToMarkdown() =>
        Invariant($"{Entries:N0} recordings of {EmbeddingLength} values; ")
        + Invariant($"all cores read {BandwidthGigabytesPerSecond:0.0} GB/s from memory.\n\n")
        + DocumentTable.Of(CatalogColumns, Catalogues.Select(Cells))
        + "\n"
        + DocumentTable.Of(RivalColumns, Rows.Select(Cells))
        + DocumentTable.Provenance(Rows[0].Date, Rows[0].Machine, Rows[0].Commit);

    private static string[] Cells(ComparisonRow row) =>
    [
        row.Name,
        Invariant($"{row.OursMs:0.0}"),
        row.Rival,
        Invariant($"{row.RivalMs:0}"),
        Invariant($"{row.Ratio:0.0}"),
        Invariant($"{100 * row.OfLimit:0} %"),
    ];

    private string[] Cells(CatalogFigures figures)
    {
        double median = figures.SearchMs.Median(),
            gigabytes = 1e-9 * Entries * EmbeddingLength * (figures.Precision == "int8" ? sizeof(sbyte) : sizeof(float));
        return
        [
            figures.Precision, Invariant($"{1e-9 * figures.Bytes:0.00}"), Invariant($"{figures.OpenMs:0.0}"),
                Invariant($"{figures.FirstSearchMs:0}"), Invariant($"{median:0.0}"),
            Invariant($"{100 * gigabytes / (median / 1000) / BandwidthGigabytesPerSecond:0} %"), Invariant($"{figures.RecallAt10:0.000}"),
        ];
    }
}

/// <summary>Figures of one catalogue.</summary>
/// <param name="Precision"><c>single</c> or <c>int8</c>.</param>
/// <param name="OpenMs">Time to open it.</param>
/// <param name="FirstSearchMs">Time of the first search, which also verifies checksums.</param>
/// <param name="Bytes">Size of its files.</param>
/// <param name="RecallAt10">Share of the exact ten best that it finds, 0..1.</param>
/// <param name="SearchMs">Times of single searches in their order.</param>
internal sealed record CatalogFigures(
    string Precision, double OpenMs, double FirstSearchMs, long Bytes, [property: JsonPropertyName("recall@10")] double RecallAt10,
        IReadOnlyList<double> SearchMs);
