using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>Misses in which a stem of another song was preferred, by how that song differs from the right one.</summary>
/// <param name="Name">The difference.</param>
/// <param name="Misses">How many there are.</param>
/// <param name="Share">Their share of all such misses, 0..1.</param>
/// <param name="Chance">The share of other songs that differ so, 0..1: what it would be if the wrong song were any.</param>
internal sealed record ConfusionGroup(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("misses")] int Misses,
    [property: JsonPropertyName("share")] double Share,
    [property: JsonPropertyName("chance")] double Chance)
{
    /// <summary>Groups the misses of outcomes; those whose songs are not both known are left out.</summary>
    /// <param name="outcomes">All queries.</param>
    /// <param name="differenceOf">Names the difference of two songs, with a sorting value; null if it is unknown.</param>
    public static IReadOnlyList<ConfusionGroup> Of(IReadOnlyList<QueryOutcome> outcomes, Func<QueryFacts, QueryFacts, (double Order, string Name)?> differenceOf)
    {
        (string Song, QueryFacts Facts)[] songs = [.. outcomes.DistinctBy(outcome => outcome.Query.Song).Select(outcome => (outcome.Query.Song, outcome.Facts))];
        QueryOutcome[] missed = [.. outcomes.Where(outcome => outcome.IsMiss && !outcome.IsRightSong)];
        var misses = Count(missed.Select(outcome => differenceOf(outcome.Facts, outcome.BestFacts)));
        var chances = Count(missed.SelectMany(outcome => songs.Where(song => song.Song != outcome.Query.Song).Select(song => differenceOf(outcome.Facts, song.Facts))));
        double allMisses = Math.Max(1, misses.Values.Sum()), allChances = Math.Max(1, chances.Values.Sum());
        return [.. chances.Keys.Union(misses.Keys).OrderBy(group => group.Order).Select(group => new ConfusionGroup(
            group.Name, misses.GetValueOrDefault(group), misses.GetValueOrDefault(group) / allMisses, chances.GetValueOrDefault(group) / allChances))];

        static Dictionary<(double Order, string Name), int> Count(IEnumerable<(double, string)?> differences) =>
            differences.OfType<(double, string)>().CountBy(difference => difference).ToDictionary();
    }
}
