using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>Retrieval by comparing embeddings.</summary>
/// <param name="embedder">Makes them.</param>
/// <param name="keepSequences">Whether to hold embeddings over time too, for <see cref="AlignedAffinities"/>.</param>
internal sealed class EmbeddingRetrieval(IRetrievalEmbedder embedder, bool keepSequences = false) : IRetrievalMethod
{
    private readonly List<RetrievalEmbedding> _predictions = [], _targets = [];

    public void Add(AudioClip mix, Stem missing, AudioClip target)
    {
        _predictions.Add(Kept(embedder.Predict(mix, missing)));
        _targets.Add(Kept(embedder.Embed(target)));
    }

    /// <summary>The paper's comparison (section 4.2): the negative Euclidean distance of the vectors.</summary>
    public AffinityMatrix Affinities(CancellationToken cancellationToken = default) => AffinityMatrix.FromDistances(
        [.. _predictions.Select(prediction => prediction.Vector)], [.. _targets.Select(target => target.Vector)], cancellationToken);

    /// <summary>The comparison with time kept, <see cref="AlignedAffinity"/>.</summary>
    /// <exception cref="InvalidOperationException">The embedder gives no sequences, or they were not kept.</exception>
    public AffinityMatrix AlignedAffinities(int segmentPatches, CancellationToken cancellationToken = default) =>
        AlignedAffinity.Compute(Sequences(_predictions), Sequences(_targets), segmentPatches, cancellationToken);

    private RetrievalEmbedding Kept(RetrievalEmbedding embedding) => keepSequences ? embedding : embedding with { Sequence = null };

    private static EmbeddingSequence[] Sequences(IEnumerable<RetrievalEmbedding> embeddings) => [.. embeddings.Select(embedding =>
        embedding.Sequence ?? throw new InvalidOperationException(
            "The embeddings have no sequence over time: keep them, and use an embedder that gives them."))];
}

/// <summary>A retrieval method: it takes every query with its target, then computes how well each target fits each query.</summary>
internal interface IRetrievalMethod
{
    /// <summary>
    /// Takes the next query, <paramref name="mix"/> without its stem <paramref name="missing"/>, and the stem itself as a target.
    /// </summary>
    void Add(AudioClip mix, Stem missing, AudioClip target);

    /// <summary>The affinities of all queries and targets, in the order in which they were added.</summary>
    AffinityMatrix Affinities(CancellationToken cancellationToken = default);
}

/// <summary>A method that embeds recordings, and for a mix predicts the embedding that the missing stem should have.</summary>
internal interface IRetrievalEmbedder
{
    RetrievalEmbedding Embed(AudioClip recording);

    RetrievalEmbedding Predict(AudioClip mix, Stem missing);
}

/// <summary>The embedding of a recording, or the predicted embedding for a mix, that retrieval compares.</summary>
/// <param name="Vector">One vector for all of it, compared by Euclidean distance.</param>
/// <param name="Sequence">The same over time, where the embedder has it, for <see cref="AlignedAffinity"/>.</param>
internal sealed record RetrievalEmbedding(float[] Vector, EmbeddingSequence? Sequence = null);

/// <summary>Layer norm without weights, which retrieval applies to every embedding before it measures distances.</summary>
internal static class LayerNormed
{
    public static float[] Compute(ReadOnlySpan<float> vector)
    {
        var result = new float[vector.Length];
        float mean = TensorPrimitives.Sum(vector) / vector.Length;
        TensorPrimitives.Subtract(vector, mean, result);
        float variance = TensorPrimitives.SumOfSquares<float>(result) / vector.Length;
        TensorPrimitives.Multiply(result, 1 / MathF.Sqrt(variance + 1e-5f), result);
        return result;
    }
}
