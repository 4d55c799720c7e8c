using System.Numerics.Tensors;
using StemJepa.Training.Corpus;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Retrieval by the paper's protocol (section 4.2): each stem of each song is taken out of its mix; the vector that the rest asks for is
/// compared with those of every stem of every song. Stems that are silent throughout are neither asked for nor offered.
/// </summary>
/// <param name="songs">Songs of one split.</param>
/// <param name="seconds">Only the first so many seconds of each song.</param>
internal sealed class RetrievalEvaluation(IEnumerable<CorpusSong> songs, double seconds = double.PositiveInfinity) : IDisposable
{
    private readonly CorpusAudio audio = new([.. songs]);

    private sealed record Query(Stem Stem, float[] Prediction, float[] Target);

    /// <summary>The figures over all queries, per stem, and among candidates of the right stem only.</summary>
    public RetrievalResult Run(IRetrievalEmbedder embedder, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var queries = new List<Query>();
        for (int song = 0; song < audio.Songs.Count; song++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            queries.AddRange(QueriesOf(song, embedder));
            progress?.Invoke((song + 1.0) / audio.Songs.Count);
        }
        (Query Query, int Rank)[] ranked = Rank(queries);
        return new RetrievalResult(
            RetrievalMetrics.Of([.. ranked.Select(item => item.Rank)], queries.Count),
            ByStem(ranked).ToDictionary(group => group.Key, group => RetrievalMetrics.Of([.. group.Select(item => item.Rank)], queries.Count)),
            RetrievalMetrics.Average([.. ByStem(queries.Select(query => (query, 0))).Select(group =>
            {
                Query[] sameStem = [.. group.Select(item => item.Query)];
                return RetrievalMetrics.Of([.. Rank(sameStem).Select(item => item.Rank)], sameStem.Length);
            })]));
    }

    private static (Query Query, int Rank)[] Rank(IReadOnlyList<Query> queries) =>
        [.. queries.Zip(RetrievalMetrics.Ranks([.. queries.Select(query => query.Prediction)], [.. queries.Select(query => query.Target)]))];

    private static IEnumerable<IGrouping<Stem, (Query Query, int Rank)>> ByStem(IEnumerable<(Query Query, int Rank)> items) =>
        items.GroupBy(item => item.Query.Stem).OrderBy(group => group.Key);

    public void Dispose() => audio.Dispose();

    private IEnumerable<Query> QueriesOf(int song, IRetrievalEmbedder embedder)
    {
        int length = (int)Math.Min(audio.Length(song), seconds * FrontEndSettings.SampleRate);
        var stems = new float[CorpusAudio.Stems][];
        for (int stem = 0; stem < stems.Length; stem++)
            audio.Read(song, stem, 0, stems[stem] = new float[length]);
        for (int stem = 0; stem < stems.Length; stem++)
        {
            if (!stems[stem].AsSpan().ContainsAnyExcept(0f))
                continue;
            var mix = new float[length];
            foreach (float[] other in stems.Where((_, index) => index != stem))
                TensorPrimitives.Add(mix, other, mix);
            yield return new Query((Stem)stem, embedder.Predict(Clip(mix), (Stem)stem), embedder.Embed(Clip(stems[stem])));
        }
    }

    private static AudioClip Clip(float[] samples) => new(samples, FrontEndSettings.SampleRate);
}
