using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>The patches in time of a chunk, each layer-normed and of length 1, in half precision. Immutable and thread-safe.</summary>
internal sealed class CoherencePatches
{
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

    /// <summary>The mean over time of the cosines of patches that <see cref="ToSingle"/> returned for two chunks of one length.</summary>
    public static float Similarity(float[] patches, float[] others, int count) => TensorPrimitives.Dot<float>(patches, others) / count;
}
