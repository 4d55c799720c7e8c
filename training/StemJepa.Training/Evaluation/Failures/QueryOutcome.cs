namespace StemJepa.Training.Evaluation;

/// <summary>What came of one query.</summary>
internal sealed record QueryOutcome
{
    /// <summary>The query, and its true target.</summary>
    public required RetrievalQuery Query { get; init; }

    /// <summary>The rank of the true target among all, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>The best of the other targets.</summary>
    public required RetrievalQuery Best { get; init; }

    /// <summary>What is known of the query's song.</summary>
    public required QueryFacts Facts { get; init; }

    /// <summary>What is known of the song of <see cref="Best"/>.</summary>
    public required QueryFacts BestFacts { get; init; }

    /// <summary>How much louder the asked stem is than the rest, in decibels.</summary>
    public required double Loudness { get; init; }

    /// <summary>Stems of the song that are not silent, the asked one among them.</summary>
    public required int ActiveStems { get; init; }

    public bool IsMiss => Rank > 1;

    /// <summary>Whether a part of the song that is already in the mix was preferred.</summary>
    public bool IsRightSong => Query.Song == Best.Song;

    public bool IsRightStem => Query.Stem == Best.Stem;

    /// <summary>The outcomes of a method over all queries.</summary>
    /// <param name="queries">In the order of <paramref name="affinities"/>.</param>
    /// <param name="affinities">Of the method.</param>
    /// <param name="loudness">Of each query.</param>
    /// <param name="factsOf">What is known of a song, by its name.</param>
    public static IReadOnlyList<QueryOutcome> Of(IReadOnlyList<RetrievalQuery> queries, AffinityMatrix affinities, IReadOnlyList<double> loudness, Func<string, QueryFacts> factsOf)
    {
        int[] ranks = affinities.Ranks();
        Dictionary<string, int> stems = queries.CountBy(query => query.Song).ToDictionary();
        return [.. queries.Select((query, i) =>
        {
            RetrievalQuery best = queries[affinities.BestOther(i)];
            return new QueryOutcome
            {
                Query = query,
                Rank = ranks[i],
                Best = best,
                Facts = factsOf(query.Song),
                BestFacts = factsOf(best.Song),
                Loudness = loudness[i],
                ActiveStems = stems[query.Song],
            };
        })];
    }
}
