using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>The patches in time of a chunk, each layer-normed and of length 1, in half precision. Immutable and thread-safe.</summary>
internal sealed class CoherencePatches
{
    private const int RhythmBins = 8;

    /// <summary>Under which half precision is all that changes.</summary>
    private const float LeastChange = 1e-3f;

    private readonly Half[] _directions;

    public CoherencePatches(EmbeddingSequence sequence)
    {
        Count = sequence.Count;
        var directions = new float[sequence.Count * sequence.PatchLength];
        for (int patch = 0; patch < sequence.Count; patch++)
            sequence.Direction(patch, segmentPatches: 1, directions.AsSpan(patch * sequence.PatchLength, sequence.PatchLength));
        _directions = new Half[directions.Length];
        TensorPrimitives.ConvertToHalf(directions, _directions);
    }

    /// <summary>Patches in time.</summary>
    public int Count { get; }

    /// <summary>The directions, one after the other.</summary>
    public float[] ToSingle()
    {
        var single = new float[_directions.Length];
        TensorPrimitives.ConvertToSingle(_directions, single);
        return single;
    }

    /// <summary>
    /// How the directions change over time, slowly enough to be rhythm: bins 1 to 8 of their Fourier transform over the chunk, with phase,
    /// as one vector of length 1 (zero if they do not change). Two chunks agree in it if they change alike at the same times.
    /// </summary>
    public Half[] Rhythm()
    {
        float[] directions = ToSingle();
        int length = Count == 0 ? 0 : directions.Length / Count;
        float[] bins = new float[2 * RhythmBins * length];
        for (int bin = 0; bin < RhythmBins; bin++)
        {
            Span<float> real = bins.AsSpan(2 * bin * length, length), imaginary = bins.AsSpan((2 * bin + 1) * length, length);
            for (int patch = 0; patch < Count; patch++)
            {
                (float sine, float cosine) = MathF.SinCos(2 * MathF.PI * (bin + 1) * patch / Count);
                ReadOnlySpan<float> direction = directions.AsSpan(patch * length, length);
                TensorPrimitives.MultiplyAdd(direction, cosine, real, real);
                TensorPrimitives.MultiplyAdd(direction, -sine, imaginary, imaginary);
            }
        }
        float norm = TensorPrimitives.Norm<float>(bins);
        TensorPrimitives.Multiply(bins, norm > LeastChange * Count ? 1 / norm : 0, bins);
        Half[] rhythm = new Half[bins.Length];
        TensorPrimitives.ConvertToHalf(bins, rhythm);
        return rhythm;
    }

    /// <summary>The mean over time of the cosines of patches that <see cref="ToSingle"/> returned for two chunks of one length.</summary>
    public static float Similarity(float[] patches, float[] others, int count) => TensorPrimitives.Dot<float>(patches, others) / count;
}
