using System.Text.Json.Serialization;
using StemJepa.Benchmarks.Comparison;

namespace StemJepa.Benchmarks;

/// <summary>What <see cref="CatalogBenchmark"/> measured.</summary>
/// <param name="Entries">Recordings in each catalogue.</param>
/// <param name="EmbeddingLength">Values in an embedding.</param>
/// <param name="BandwidthGigabytesPerSecond">Bytes that all cores read from memory, in units of 1e9 a second.</param>
/// <param name="Catalogues">One for each precision.</param>
/// <param name="Rows">Beside rivals.</param>
internal sealed record CatalogReport(
    int Entries, int EmbeddingLength, double BandwidthGigabytesPerSecond, IReadOnlyList<CatalogFigures> Catalogues, IReadOnlyList<ComparisonRow> Rows);

/// <summary>One catalogue.</summary>
/// <param name="Precision"><c>single</c> or <c>int8</c>.</param>
/// <param name="OpenMs">Opening it.</param>
/// <param name="FirstSearchMs">The first search, which verifies checksums too.</param>
/// <param name="Bytes">Its files.</param>
/// <param name="RecallAt10">Share of the exact ten best that it finds.</param>
/// <param name="SearchMs">Times of single searches, one after the other, as they came.</param>
internal sealed record CatalogFigures(
    string Precision, double OpenMs, double FirstSearchMs, long Bytes, [property: JsonPropertyName("recall@10")] double RecallAt10, IReadOnlyList<double> SearchMs);
