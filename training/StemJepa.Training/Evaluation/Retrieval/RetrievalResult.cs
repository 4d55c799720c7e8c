using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>The figures of one method over one set of songs.</summary>
internal sealed record RetrievalResult
{
    private const int LastRecall = 100;

    /// <summary>Numbers of candidates for <see cref="SameStemTop1"/>.</summary>
    public static IReadOnlyList<int> CandidateCounts { get; } = [8, 16, 64];

    /// <summary>Songs with at least one stem that is not silent.</summary>
    [JsonPropertyName("songs")]
    public required int Songs { get; init; }

    /// <summary>Over all queries, against every stem of every song.</summary>
    [JsonPropertyName("all")]
    public required RetrievalMetrics All { get; init; }

    /// <summary>The same, by the name of the missing stem.</summary>
    [JsonPropertyName("per_stem")]
    public required IReadOnlyDictionary<string, RetrievalMetrics> PerStem { get; init; }

    /// <summary>Over all queries, each against the stems of its own kind only.</summary>
    [JsonPropertyName("same_stem")]
    public required RetrievalMetrics SameStem { get; init; }

    /// <summary>
    /// How often the true stem comes first among it and K - 1 random others of its kind, by K, 0..1
    /// (<see cref="RetrievalMetrics.TopAmong"/>); without a K that some kind has too few stems for.
    /// </summary>
    [JsonPropertyName("same_stem_top1_of")]
    public required IReadOnlyDictionary<int, double> SameStemTop1 { get; init; }

    [JsonPropertyName("misses")]
    public required MissShares Misses { get; init; }

    /// <summary>Recall at 1, 2, ... up to 100, over all queries.</summary>
    [JsonPropertyName("recall_curve")]
    public required IReadOnlyList<double> RecallCurve { get; init; }

    /// <summary>The figures of at least one query.</summary>
    public static RetrievalResult Compute(IReadOnlyList<RetrievalQuery> queries, AffinityMatrix affinities)
    {
        int[] ranks = affinities.Ranks();
        IGrouping<Stem, int>[] byStem =
            [.. Enumerable.Range(0, queries.Count).GroupBy(query => queries[query].Stem).OrderBy(group => group.Key)];
        int[][] sameStemRanks = [.. byStem.Select(group => affinities.Among([.. group]).Ranks())];
        int fewest = sameStemRanks.Min(group => group.Length);
        return new RetrievalResult
        {
            Songs = queries.Select(query => query.Song).Distinct().Count(),
            All = RetrievalMetrics.FromRanks(ranks, queries.Count),
            PerStem = byStem.ToDictionary(
                group => group.Key.Name,
                group => RetrievalMetrics.FromRanks([.. group.Select(query => ranks[query])], queries.Count)),
            SameStem = RetrievalMetrics.Average([.. sameStemRanks.Select(group => RetrievalMetrics.FromRanks(group, group.Length))]),
            SameStemTop1 = CandidateCounts.Where(count => count <= fewest).ToDictionary(
                count => count,
                count => sameStemRanks.Sum(group => group.Length * RetrievalMetrics.TopAmong(group, group.Length, count)) / queries.Count),
            Misses = MissShares.Compute(queries, affinities),
            RecallCurve = RetrievalMetrics.RecallCurve(ranks, queries.Count, LastRecall),
        };
    }

    /// <summary>The figures of the real songs alone, ranked among themselves; null if there are none.</summary>
    public static RetrievalResult? ComputeRealSongs(IReadOnlyList<RetrievalQuery> queries, AffinityMatrix affinities)
    {
        int[] real = [.. Enumerable.Range(0, queries.Count).Where(query => queries[query].IsReal)];
        return real.Length == 0 ? null : Compute([.. real.Select(query => queries[query])], affinities.Among(real));
    }
}

/// <summary>
/// Kinds of errors, by the target that came first instead of the true one: shares of the misses, which sum to 1; all 0 without misses.
/// </summary>
internal sealed record MissShares
{
    /// <summary>Queries whose true target did not come first.</summary>
    [JsonPropertyName("misses")]
    public int Misses { get; init; }

    [JsonPropertyName("right_song_wrong_stem")]
    public double RightSongWrongStem { get; init; }

    [JsonPropertyName("right_stem_wrong_song")]
    public double RightStemWrongSong { get; init; }

    [JsonPropertyName("both_wrong")]
    public double BothWrong { get; init; }

    public static MissShares Compute(IReadOnlyList<RetrievalQuery> queries, AffinityMatrix affinities)
    {
        int[] ranks = affinities.Ranks();
        (bool Song, bool Stem)[] misses = [.. Enumerable.Range(0, queries.Count).Where(query => ranks[query] > 1).Select(query =>
        {
            RetrievalQuery asked = queries[query], found = queries[affinities.BestOther(query)];
            return (asked.Song == found.Song, asked.Stem == found.Stem);
        })];
        double Share(bool song, bool stem) => misses.Length == 0 ? 0 : misses.Count(miss => miss == (song, stem)) / (double)misses.Length;
        return new MissShares
        {
            Misses = misses.Length,
            RightSongWrongStem = Share(song: true, stem: false),
            RightStemWrongSong = Share(song: false, stem: true),
            BothWrong = Share(song: false, stem: false),
        };
    }
}
