using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace StemJepa.Training.Evaluation;

/// <summary>What a head sees of a recording. One caller at a time.</summary>
internal interface IProbeFeature
{
    /// <summary>Its row in tables and its name in results.</summary>
    string Name { get; }

    /// <summary>Whether a column says of all of a recording what it says of its moment, so that heads may look at columns and be averaged over time.</summary>
    bool SupportsTimePatchHead { get; }

    /// <summary>One row for all of a recording.</summary>
    float[] Pooled(AudioClip clip);

    /// <summary>A row for each column of patches, [0.16 s each, length].</summary>
    /// <returns>The rows one after another, and the length of one.</returns>
    (float[] Rows, int Length) TimePatches(AudioClip clip);
}

/// <summary>A feature whose pooled row is the mean of its columns, worked out once for each recording and kept, since several heads look at it.</summary>
internal sealed class CachedFeature(IProbeFeature inner) : IProbeFeature
{
    private readonly Dictionary<UInt128, (float[] Rows, int Length)> known = [];

    public string Name => inner.Name;

    public bool SupportsTimePatchHead => inner.SupportsTimePatchHead;

    public float[] Pooled(AudioClip clip)
    {
        (float[] rows, int length) = TimePatches(clip);
        var sums = new double[length];
        for (int i = 0; i < rows.Length; i++)
            sums[i % length] += rows[i];
        return Array.ConvertAll(sums, sum => (float)(sum * length / rows.Length));
    }

    public (float[] Rows, int Length) TimePatches(AudioClip clip)
    {
        UInt128 content = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(clip.Samples.Span), clip.SampleRate);
        if (!known.TryGetValue(content, out var columns))
            known.Add(content, columns = inner.TimePatches(clip));
        return columns;
    }
}
