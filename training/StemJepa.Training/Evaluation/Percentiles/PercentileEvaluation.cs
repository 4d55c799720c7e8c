using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>Percentiles of the stems of test songs for each mix without one stem.</summary>
/// <param name="Matching">By stem: of the stem that is missing.</param>
/// <param name="Others">By stem: of that stem of every other song that is not a variant.</param>
internal sealed record PercentileEvaluation(
    IReadOnlyDictionary<Stem, IReadOnlyList<double>> Matching, IReadOnlyDictionary<Stem, IReadOnlyList<double>> Others)
{
    private readonly record struct Query(string Song, Stem Stem, StemEmbedding Prediction, StemEmbedding Target);

    /// <summary>Embeds the songs and compares all pairs.</summary>
    /// <exception cref="StemJepaException">Every stem of every song is silent.</exception>
    public static PercentileEvaluation Run(StemAffinity model, AffinityBackground background, IReadOnlyList<CorpusSong> songs,
        double seconds, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var retrieval = new RetrievalEvaluation(songs, seconds);
        var embeddings = new Embeddings(model);
        IReadOnlyList<RetrievalQuery> asked = retrieval.Show(embeddings, progress, cancellationToken);
        Query[] queries = [.. asked.Zip(embeddings.Pairs, (query, pair) =>
            new Query(query.Song.Split(CorpusSong.VariantMark)[0], query.Stem, pair.Prediction, pair.Target))];
        var matching = new Dictionary<Stem, IReadOnlyList<double>>();
        var others = new Dictionary<Stem, IReadOnlyList<double>>();
        foreach (IGrouping<Stem, Query> group in queries.GroupBy(query => query.Stem))
        {
            AffinityScale[] scales = [.. group.Select(query => background.Scale(query.Prediction, group.Key)!)];
            matching[group.Key] = [.. group.Zip(scales, (query, scale) => scale.Percentile(query.Prediction.Similarity(query.Target)))];
            others[group.Key] = [.. group.Zip(scales).SelectMany(pair => group.Where(other => other.Song != pair.First.Song)
                .Select(other => pair.Second.Percentile(pair.First.Prediction.Similarity(other.Target))))];
        }
        return new PercentileEvaluation(matching, others);
    }

    private sealed class Embeddings(StemAffinity model) : IRetrievalMethod
    {
        public List<(StemEmbedding Prediction, StemEmbedding Target)> Pairs { get; } = [];

        public void Add(AudioClip mix, Stem missing, AudioClip target) => Pairs.Add((model.Predict(mix, missing), model.Embed(target)));

        public AffinityMatrix Affinities(CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
