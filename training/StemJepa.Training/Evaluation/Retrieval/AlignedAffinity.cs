using System.Numerics.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Affinity in time (frame-wise), ours, in contrast to the paper's mean over time: the cosine of prediction and embedding at each time
/// (each layer-normed without weights), averaged over their common length. Both start at 0.
/// <para>
/// This is another task than the paper's, and its figures must not be compared with published ones: a stem of the same song is synchronous
/// with the mix (onsets, rests, sections), and gains from that alone. Compare them with those of <see cref="MeanLogMelEmbedder"/>, which
/// uses nothing else. The stems that are in the mix gain most, so the finer the time, the more often one of them comes first instead of the
/// missing one.
/// </para>
/// </summary>
internal static class AlignedAffinity
{
    /// <summary>
    /// Values of a row of one matrix product: long enough for libtorch to reach its speed, short enough for the cache and memory.
    /// </summary>
    private const int ProductLength = 16384;

    /// <summary>The affinity of every prediction with every embedding.</summary>
    /// <param name="predictions">Of the queries.</param>
    /// <param name="embeddings">Of the targets; as many.</param>
    /// <param name="segmentPatches">Time patches (0.16 s each) averaged before the comparison: 1 keeps all, 50 is 8 s.</param>
    /// <param name="cancellationToken">Checked between matrix products.</param>
    public static AffinityMatrix Compute(IReadOnlyList<EmbeddingSequence> predictions, IReadOnlyList<EmbeddingSequence> embeddings,
        int segmentPatches,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentPatches, 1);
        var sums = new AffinityMatrix(predictions.Count);
        if (predictions.Count == 0)
            return sums;
        int patchLength = predictions[0].PatchLength, perProduct = Math.Max(1, ProductLength / patchLength);
        int segments = Math.Min(predictions.Max(sequence => sequence.Segments(segmentPatches)),
            embeddings.Max(sequence => sequence.Segments(segmentPatches)));
        var left = new float[predictions.Count * perProduct * patchLength];
        var right = new float[left.Length];
        for (int first = 0; first < segments; first += perProduct)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Fill(left, predictions, first, perProduct, segmentPatches);
            Fill(right, embeddings, first, perProduct, segmentPatches);
            AddProduct(left, right, sums);
        }
        return AffinityMatrix.Compute(sums.Count, (query, target) =>
            sums.Row(query)[target] / Math.Min(predictions[query].Segments(segmentPatches), embeddings[target].Segments(segmentPatches)),
                cancellationToken);
    }

    /// <summary>Writes the directions of some segments of each sequence to a row; zeros where a sequence has ended.</summary>
    private static void Fill(float[] rows, IReadOnlyList<EmbeddingSequence> sequences, int first, int segments, int segmentPatches)
    {
        int rowLength = rows.Length / sequences.Count, patchLength = rowLength / segments;
        Parallel.For(0, sequences.Count, index =>
        {
            Span<float> row = rows.AsSpan(index * rowLength, rowLength);
            int present = Math.Clamp(sequences[index].Segments(segmentPatches) - first, 0, segments);
            for (int i = 0; i < present; i++)
                sequences[index].Direction(first + i, segmentPatches, row.Slice(i * patchLength, patchLength));
            row[(present * patchLength)..].Clear();
        });
    }

    private static void AddProduct(float[] left, float[] right, AffinityMatrix sums)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        torch.Tensor product =
            mm(tensor(left, [sums.Count, left.Length / sums.Count]), tensor(right, [sums.Count, right.Length / sums.Count]).t());
        TensorPrimitives.Add(sums.Values, product.data<float>().ToArray(), sums.Values);
    }
}
