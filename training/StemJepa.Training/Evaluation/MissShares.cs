using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>What came first where the true target did not: shares of the misses, which sum to 1; all 0 without misses.</summary>
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

    public static MissShares Of(IReadOnlyList<RetrievalQuery> queries, AffinityMatrix affinities)
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
