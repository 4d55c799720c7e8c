using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// An embedding over time: a time patch of <see cref="PatchLength"/> values every 0.16 s. Held in half precision, since a test set of 600
/// recordings is gigabytes. Immutable and thread-safe.
/// </summary>
internal sealed class EmbeddingSequence
{
    /// <summary>
    /// Variance, as a share of the mean square, under which a time patch counts as constant: half precision rounds by more.
    /// </summary>
    private const float ConstantVariance = 1e-6f;

    private readonly Half[] _values;

    /// <param name="patches">[time, <paramref name="patchLength"/>].</param>
    /// <param name="patchLength">Values of a time patch.</param>
    public EmbeddingSequence(ReadOnlySpan<float> patches, int patchLength)
    {
        PatchLength = patchLength;
        _values = new Half[patches.Length];
        TensorPrimitives.ConvertToHalf(patches, _values);
    }

    public int PatchLength { get; }

    /// <summary>Number of time patches.</summary>
    public int Count => _values.Length / PatchLength;

    /// <summary>Number of segments of <paramref name="segmentPatches"/> time patches, the last of which may be shorter.</summary>
    public int Segments(int segmentPatches) => (Count + segmentPatches - 1) / segmentPatches;

    /// <summary>
    /// Writes the direction of a segment: the mean of its time patches, layer-normed without weights and scaled to length 1, so that a dot
    /// product of two directions is the cosine of the layer-normed means. Zero if the mean is constant.
    /// </summary>
    public void Direction(int segment, int segmentPatches, Span<float> destination)
    {
        int first = segment * segmentPatches, end = Math.Min(first + segmentPatches, Count);
        Span<float> patch = new float[end - first > 1 ? PatchLength : 0];
        TensorPrimitives.ConvertToSingle(_values.AsSpan(first * PatchLength, PatchLength), destination);
        for (int i = first + 1; i < end; i++)
        {
            TensorPrimitives.ConvertToSingle(_values.AsSpan(i * PatchLength, PatchLength), patch);
            TensorPrimitives.Add(destination, patch, destination);
        }
        float energy = TensorPrimitives.SumOfSquares<float>(destination);
        TensorPrimitives.Subtract(destination, TensorPrimitives.Sum<float>(destination) / PatchLength, destination);
        float variance = TensorPrimitives.SumOfSquares<float>(destination);
        if (variance <= ConstantVariance * energy)
            destination.Clear();
        else
            TensorPrimitives.Multiply(destination, 1 / MathF.Sqrt(variance), destination);
    }
}
