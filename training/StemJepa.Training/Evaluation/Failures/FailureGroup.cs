using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>The figures of a group of queries.</summary>
/// <param name="Name">The common property.</param>
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
    public static IReadOnlyList<FailureGroup> FromOutcomes(IReadOnlyList<QueryOutcome> outcomes,
        Func<QueryOutcome, (double Order, string Name)> groupOf) =>
    [
        .. outcomes.GroupBy(groupOf).OrderBy(group => group.Key.Order).ThenBy(group => group.Key.Name, StringComparer.Ordinal)
            .Select(group =>
        {
            RetrievalMetrics metrics = RetrievalMetrics.FromRanks([.. group.Select(outcome => outcome.Rank)], outcomes.Count);
            return new FailureGroup(group.Key.Name, metrics.Queries, metrics.RecallAt1, metrics.RecallAt10, metrics.MeanNormalizedRank);
        }),
    ];
}

/// <summary>Misses in which a stem of another song was preferred, by how that song differs from the right one.</summary>
/// <param name="Name">The difference.</param>
/// <param name="Misses">How many there are.</param>
/// <param name="Share">Their share of all such misses, 0..1.</param>
/// <param name="Chance">The share of other songs that differ so, 0..1: the expected share if the wrong song were drawn at random.</param>
internal sealed record ConfusionGroup(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("misses")] int Misses,
    [property: JsonPropertyName("share")] double Share,
    [property: JsonPropertyName("chance")] double Chance)
{
    /// <summary>Groups the misses of outcomes; those whose songs are not both known are left out.</summary>
    /// <param name="outcomes">All queries.</param>
    /// <param name="differenceOf">Names the difference of two songs, with a sorting value; null if it is unknown.</param>
    public static IReadOnlyList<ConfusionGroup> FromOutcomes(IReadOnlyList<QueryOutcome> outcomes,
        Func<QueryFacts, QueryFacts, (double Order, string Name)?> differenceOf)
    {
        (string Song, QueryFacts Facts)[] songs =
            [.. outcomes.DistinctBy(outcome => outcome.Query.Song).Select(outcome => (outcome.Query.Song, outcome.Facts))];
        QueryOutcome[] missed = [.. outcomes.Where(outcome => outcome.IsMiss && !outcome.IsRightSong)];
        var misses = Count(missed.Select(outcome => differenceOf(outcome.Facts, outcome.BestFacts)));
        var chances = Count(missed.SelectMany(outcome =>
            songs.Where(song => song.Song != outcome.Query.Song).Select(song => differenceOf(outcome.Facts, song.Facts))));
        double allMisses = Math.Max(1, misses.Values.Sum()), allChances = Math.Max(1, chances.Values.Sum());
        return [.. chances.Keys.Union(misses.Keys).OrderBy(group => group.Order).Select(group => new ConfusionGroup(
            group.Name, misses.GetValueOrDefault(group), misses.GetValueOrDefault(group) / allMisses,
                chances.GetValueOrDefault(group) / allChances))];

        static Dictionary<(double Order, string Name), int> Count(IEnumerable<(double, string)?> differences) =>
            differences.OfType<(double, string)>().CountBy(difference => difference).ToDictionary();
    }
}
