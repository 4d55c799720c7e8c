using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>How often the own positive came first among K; shares of queries, 0..1.</summary>
internal sealed record CoherenceFigures
{
    private const int Draws = 1000;

    [JsonPropertyName("accuracy")]
    public required double Accuracy { get; init; }

    /// <summary>The middle 95 % of the accuracies of 1,000 bootstrap samples of songs or pieces.</summary>
    [JsonPropertyName("interval")]
    public required IReadOnlyList<double> Interval { get; init; }

    /// <summary>Queries that have enough distractors.</summary>
    [JsonPropertyName("queries")]
    public required int Queries { get; init; }

    /// <summary>Over the pairs whose positive is one stem alone, by that stem.</summary>
    [JsonPropertyName("by_kind"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, CoherenceFigures>? ByKind { get; init; }

    /// <summary>Over the pairs of each song, by its name, where songs are few.</summary>
    [JsonPropertyName("by_song"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, CoherenceFigures>? BySong { get; init; }

    /// <summary>The figures of all pairs, of each kind and of each song; null if no query has enough distractors.</summary>
    /// <param name="pairs">The queries.</param>
    /// <param name="isFirst">Whether the own positive came first; null without enough distractors.</param>
    /// <param name="clusters">The song or piece of each query, which are drawn as a whole.</param>
    /// <param name="songs">Names of the songs, to have figures of each; null for none.</param>
    public static CoherenceFigures? Compute(IReadOnlyList<CoherencePair> pairs, IReadOnlyList<bool?> isFirst, IReadOnlyList<int> clusters,
        IReadOnlyList<string>? songs = null)
    {
        int[] asked = [.. Enumerable.Range(0, pairs.Count).Where(query => isFirst[query] is not null)];
        return asked.Length == 0 ? null : Compute(asked, isFirst, clusters) with
        {
            ByKind = asked.Where(query => pairs[query].Positive.Length == 1)
                .GroupBy(query => pairs[query].Positive[0]).OrderBy(group => group.Key)
                .ToDictionary(group => group.Key.Name, group => Compute([.. group], isFirst, clusters)),
            BySong = songs is null ? null : asked.GroupBy(query => pairs[query].Song).OrderBy(group => group.Key)
                .ToDictionary(group => songs[group.Key], group => Compute([.. group], isFirst, clusters)),
        };
    }

    private static CoherenceFigures Compute(int[] queries, IReadOnlyList<bool?> isFirst, IReadOnlyList<int> clusters)
    {
        (int First, int All)[] counts = [.. queries.GroupBy(query => clusters[query]).OrderBy(group => group.Key)
            .Select(group => (group.Count(query => isFirst[query] == true), group.Count()))];
        var random = new Random(0);
        double[] drawn = [.. Enumerable.Range(0, Draws).Select(_ =>
        {
            int first = 0, all = 0;
            for (int i = 0; i < counts.Length; i++)
            {
                (int firstOfCluster, int allOfCluster) = counts[random.Next(counts.Length)];
                first += firstOfCluster;
                all += allOfCluster;
            }
            return (double)first / all;
        }).Order()];
        return new CoherenceFigures
        {
            Accuracy = queries.Count(query => isFirst[query] == true) / (double)queries.Length,
            Interval = [drawn[Draws * 25 / 1000], drawn[Draws * 975 / 1000 - 1]],
            Queries = queries.Length,
        };
    }
}
