using System.Text.Json.Serialization;

namespace StemJepa.Tool.Demo;

/// <summary>The JSON document of <c>stemjepa demo --json</c>.</summary>
/// <param name="Songs">How many songs the demo carries.</param>
/// <param name="Queries">How many stems were taken out: songs x kinds.</param>
/// <param name="RecallAt1">The fraction of queries whose true stem came first, 0..1.</param>
/// <param name="Results">One entry per query.</param>
/// <param name="Picture">Where the picture of the affinity matrix was written.</param>
internal sealed record DemoReport(
    int Songs,
    int Queries,
    [property: JsonPropertyName("recall@1")] double RecallAt1,
    IReadOnlyList<DemoResult> Results,
    string Picture);

/// <summary>One query of the demo.</summary>
/// <param name="Song">The song that lost a stem.</param>
/// <param name="Stem">The stem that was taken out.</param>
/// <param name="Rank">Where the true stem landed among the stems of the same kind of all songs, from 1.</param>
/// <param name="Best">The song whose stem came first.</param>
internal sealed record DemoResult(string Song, string Stem, int Rank, string Best);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoJson : JsonSerializerContext;
