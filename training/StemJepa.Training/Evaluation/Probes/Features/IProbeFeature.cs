using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace StemJepa.Training.Evaluation;

/// <summary>A feature of recordings that heads take as input. Not thread-safe.</summary>
internal interface IProbeFeature
{
    /// <summary>Its row in tables and its name in results.</summary>
    string Name { get; }

    /// <summary>
    /// Whether each time patch describes the whole recording, so that a head may take every time patch and average over time.
    /// </summary>
    bool SupportsTimePatchHead { get; }

    /// <summary>Computes one row for a whole recording.</summary>
    float[] Pooled(AudioClip clip);

    /// <summary>Computes a row for each time patch of 0.16 s, [time patches, length].</summary>
    /// <returns>The rows one after another, and the length of one.</returns>
    (float[] Rows, int Length) TimePatches(AudioClip clip);
}

/// <summary>Caches the time patches of a feature by recording, since several heads take them; the pooled row is their mean.</summary>
internal sealed class CachedFeature(IProbeFeature inner) : IProbeFeature
{
    private readonly Dictionary<UInt128, (float[] Rows, int Length)> _known = [];

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
        if (!_known.TryGetValue(content, out var patches))
            _known.Add(content, patches = inner.TimePatches(clip));
        return patches;
    }
}
