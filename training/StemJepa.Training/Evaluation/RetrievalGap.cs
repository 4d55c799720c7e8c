using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>One set of figures minus another, figure by figure.</summary>
internal sealed record RetrievalGap
{
    [JsonPropertyName("recall@1")]
    public double RecallAt1 { get; init; }

    [JsonPropertyName("recall@5")]
    public double RecallAt5 { get; init; }

    [JsonPropertyName("recall@10")]
    public double RecallAt10 { get; init; }

    [JsonPropertyName("mean_normalized_rank")]
    public double MeanNormalizedRank { get; init; }

    [JsonPropertyName("median_normalized_rank")]
    public double MedianNormalizedRank { get; init; }

    public static RetrievalGap Of(RetrievalMetrics figures, RetrievalMetrics reference) => new()
    {
        RecallAt1 = figures.RecallAt1 - reference.RecallAt1,
        RecallAt5 = figures.RecallAt5 - reference.RecallAt5,
        RecallAt10 = figures.RecallAt10 - reference.RecallAt10,
        MeanNormalizedRank = figures.MeanNormalizedRank - reference.MeanNormalizedRank,
        MedianNormalizedRank = figures.MedianNormalizedRank - reference.MedianNormalizedRank,
    };
}
