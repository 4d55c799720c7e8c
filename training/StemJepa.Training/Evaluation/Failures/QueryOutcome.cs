using System.Numerics.Tensors;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>The outcome of one query.</summary>
internal sealed record QueryOutcome
{
    /// <summary>The query, and its true target.</summary>
    public required RetrievalQuery Query { get; init; }

    /// <summary>The rank of the true target among all, from 1.</summary>
    public required int Rank { get; init; }

    /// <summary>The best of the other targets.</summary>
    public required RetrievalQuery Best { get; init; }

    /// <summary>Facts about the query's song.</summary>
    public required QueryFacts Facts { get; init; }

    /// <summary>Facts about the song of <see cref="Best"/>.</summary>
    public required QueryFacts BestFacts { get; init; }

    /// <summary>How much louder the missing stem is than the rest, in decibels.</summary>
    public required double Loudness { get; init; }

    /// <summary>Stems of the song that are not silent, including the missing one.</summary>
    public required int ActiveStems { get; init; }

    public bool IsMiss => Rank > 1;

    /// <summary>Whether a part of the song that is already in the mix was preferred.</summary>
    public bool IsRightSong => Query.Song == Best.Song;

    public bool IsRightStem => Query.Stem == Best.Stem;

    /// <summary>The outcomes of a method over all queries.</summary>
    /// <param name="queries">In the order of <paramref name="affinities"/>.</param>
    /// <param name="affinities">Of the method.</param>
    /// <param name="loudness">Of each query.</param>
    /// <param name="factsOf">Finds the facts about a song by its name.</param>
    public static IReadOnlyList<QueryOutcome> FromQueries(IReadOnlyList<RetrievalQuery> queries, AffinityMatrix affinities,
        IReadOnlyList<double> loudness, Func<string, QueryFacts> factsOf)
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

/// <summary>Facts about the song of a query.</summary>
/// <param name="Key">Its key; null if it is unknown.</param>
/// <param name="Tempo">BPM: from the beats of composed songs, else the first entry of the tempo map; null if unknown.</param>
/// <param name="Soundfont">The soundfont that plays it; null if unknown.</param>
/// <param name="IsReal">Whether people wrote it.</param>
internal sealed record QueryFacts(MusicalKey? Key, double? Tempo, string? Soundfont, bool IsReal)
{
    public static QueryFacts FromSong(CorpusSong song)
    {
        bool isReal = new RetrievalQuery(song.Name, Stem.Bass).IsReal;
        if (!File.Exists(Path.Combine(song.Folder, SongRecord.FileName)))
            return new QueryFacts(null, null, null, isReal);
        SongRecord record = SongRecord.Load(song.Folder);
        return new QueryFacts(
            SongFacts.Key(record) is { } key ? MusicalKey.FromNumber(key) : null,
            SongFacts.Tempo(record.Beats) ?? record.TempoMap.Select(tempo => (double?)tempo.Bpm).FirstOrDefault(),
            record.Soundfont, isReal);
    }
}

/// <summary>Passes queries on to a method, and measures how loud their stems are. One caller at a time.</summary>
internal sealed class MeasuredQueries(IRetrievalMethod method) : IRetrievalMethod
{
    private readonly List<double> _loudness = [];

    /// <summary>
    /// Of each query in turn: how much louder the missing stem is than the rest of the song, in decibels of power; infinite if there is no
    /// rest.
    /// </summary>
    public IReadOnlyList<double> Loudness => _loudness;

    public void Add(AudioClip mix, Stem missing, AudioClip target)
    {
        _loudness.Add(10 * Math.Log10(Power(target) / Power(mix)));
        method.Add(mix, missing, target);
    }

    public AffinityMatrix Affinities(CancellationToken cancellationToken = default) => method.Affinities(cancellationToken);

    private static double Power(AudioClip clip) => (double)TensorPrimitives.SumOfSquares(clip.Samples.Span) / clip.Samples.Length;
}
