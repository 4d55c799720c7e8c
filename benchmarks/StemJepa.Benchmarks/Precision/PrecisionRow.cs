using System.Text.Json.Serialization;

namespace StemJepa.Benchmarks.Precision;

/// <summary>One way to export the same weights. Medians of interleaved rounds.</summary>
/// <param name="Precision">As <c>--precision</c> of the exporter.</param>
/// <param name="Operators">As <c>--operators</c> of the exporter.</param>
/// <param name="EncoderMb">Size of the target encoder's file, in units of 10^6 bytes.</param>
/// <param name="Embed8sMs">Time to embed 8 s.</param>
/// <param name="Embed5minMs">Time to embed 5 minutes.</param>
/// <param name="LeastCosine">The least cosine to the first row's embedding among all stems of the tool's songs.</param>
/// <param name="LeastPredictedCosine">The least cosine to the first row's prediction of those stems from the rest of their songs.</param>
/// <param name="RecallAt1">On the test set, 0..1; null if it was not measured.</param>
internal sealed record PrecisionRow(
    string Precision,
    string Operators,
    double EncoderMb,
    [property: JsonPropertyName("embed_8_s_ms")] double Embed8sMs,
    [property: JsonPropertyName("embed_5_min_ms")] double Embed5minMs,
    double LeastCosine,
    double LeastPredictedCosine,
    [property: JsonPropertyName("recall@1")] double? RecallAt1,
    string Date,
    string Machine,
    string Commit);
