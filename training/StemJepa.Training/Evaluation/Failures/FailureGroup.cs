using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>Queries that have something in common, and how they fared.</summary>
/// <param name="Name">What they have in common.</param>
/// <param name="Queries">How many they are.</param>
/// <param name="RecallAt1">The share whose true stem came first, 0..1.</param>
/// <param name="RecallAt10">The share whose true stem came among the first ten, 0..1.</param>
/// <param name="MeanNormalizedRank">Mean rank of the true stem over the number of all stems, 0..1.</param>
internal sealed record FailureGroup(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("queries")] int Queries,
    [property: JsonPropertyName("recall@1")] double RecallAt1,
    [property: JsonPropertyName("recall@10")] double RecallAt10,
    [property: JsonPropertyName("mean_normalized_rank")] double MeanNormalizedRank)
{
    /// <summary>Groups outcomes by a name, in the order of a sorting value.</summary>
    public static IReadOnlyList<FailureGroup> Of(IReadOnlyList<QueryOutcome> outcomes, Func<QueryOutcome, (double Order, string Name)> groupOf) =>
    [
        .. outcomes.GroupBy(groupOf).OrderBy(group => group.Key.Order).ThenBy(group => group.Key.Name, StringComparer.Ordinal).Select(group =>
        {
            RetrievalMetrics metrics = RetrievalMetrics.Of([.. group.Select(outcome => outcome.Rank)], outcomes.Count);
            return new FailureGroup(group.Key.Name, metrics.Queries, metrics.RecallAt1, metrics.RecallAt10, metrics.MeanNormalizedRank);
        }),
    ];
}
