using System.Text.Json.Serialization;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>One line of the results. Medians of interleaved rounds; <paramref name="Ratio"/> is the rival's time over ours.</summary>
/// <param name="Name">What was done.</param>
/// <param name="OursMs">Our time.</param>
/// <param name="Rival">Who else did it.</param>
/// <param name="RivalMs">The rival's time.</param>
/// <param name="Ratio">How many times faster we are.</param>
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
