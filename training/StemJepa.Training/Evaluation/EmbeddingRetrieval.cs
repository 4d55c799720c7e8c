namespace StemJepa.Training.Evaluation;

/// <summary>Retrieval by comparing embeddings.</summary>
/// <param name="embedder">Makes them.</param>
/// <param name="keepSequences">Whether to hold embeddings over time too, for <see cref="AlignedAffinities"/>.</param>
internal sealed class EmbeddingRetrieval(IRetrievalEmbedder embedder, bool keepSequences = false) : IRetrievalMethod
{
    private readonly List<RetrievalEmbedding> predictions = [], targets = [];

    public void Add(AudioClip mix, Stem missing, AudioClip target)
    {
        predictions.Add(Kept(embedder.Predict(mix, missing)));
        targets.Add(Kept(embedder.Embed(target)));
    }

    /// <summary>The paper's comparison (section 4.2): the negative Euclidean distance of the vectors.</summary>
    public AffinityMatrix Affinities(CancellationToken cancellationToken = default) => AffinityMatrix.OfDistances(
        [.. predictions.Select(prediction => prediction.Vector)], [.. targets.Select(target => target.Vector)], cancellationToken);

    /// <summary>The comparison with time kept, <see cref="AlignedAffinity"/>.</summary>
    /// <exception cref="InvalidOperationException">The embedder gives no sequences, or they were not kept.</exception>
    public AffinityMatrix AlignedAffinities(int segmentPatches, CancellationToken cancellationToken = default) =>
        AlignedAffinity.Of(Sequences(predictions), Sequences(targets), segmentPatches, cancellationToken);

    private RetrievalEmbedding Kept(RetrievalEmbedding embedding) => keepSequences ? embedding : embedding with { Sequence = null };

    private static EmbeddingSequence[] Sequences(IEnumerable<RetrievalEmbedding> embeddings) => [.. embeddings.Select(embedding =>
        embedding.Sequence ?? throw new InvalidOperationException("The embeddings have no sequence over time: keep them, and use an embedder that gives them."))];
}
