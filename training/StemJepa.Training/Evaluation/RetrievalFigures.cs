using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>The retrieval figures of the paper (section 4.2), or the difference of two sets of them; recalls are shares, normalised ranks are rank / targets.</summary>
internal record RetrievalFigures
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

    /// <summary>These figures less others, figure by figure.</summary>
    public RetrievalFigures Less(RetrievalFigures others) => new()
    {
        RecallAt1 = RecallAt1 - others.RecallAt1,
        RecallAt5 = RecallAt5 - others.RecallAt5,
        RecallAt10 = RecallAt10 - others.RecallAt10,
        MeanNormalizedRank = MeanNormalizedRank - others.MeanNormalizedRank,
        MedianNormalizedRank = MedianNormalizedRank - others.MedianNormalizedRank,
    };
}
