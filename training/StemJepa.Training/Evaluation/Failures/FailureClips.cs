using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>What a case sounds like: links to WAV files, relative to the report.</summary>
internal sealed record FailureClips(
    [property: JsonPropertyName("mix")] string Mix,
    [property: JsonPropertyName("stem")] string Stem,
    [property: JsonPropertyName("preferred")] string Preferred);
