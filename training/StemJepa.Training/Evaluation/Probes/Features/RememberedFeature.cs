using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace StemJepa.Training.Evaluation;

/// <summary>A feature whose pooled row is the mean of its columns, worked out once for each recording and kept, since several heads look at it.</summary>
internal sealed class RememberedFeature(IProbeFeature inner) : IProbeFeature
{
    private readonly Dictionary<UInt128, (float[] Rows, int Length)> known = [];

    public string Name => inner.Name;

    public bool HasTellingColumns => inner.HasTellingColumns;

    public float[] Pooled(AudioClip clip)
    {
        (float[] rows, int length) = Columns(clip);
        var sums = new double[length];
        for (int i = 0; i < rows.Length; i++)
            sums[i % length] += rows[i];
        return Array.ConvertAll(sums, sum => (float)(sum * length / rows.Length));
    }

    public (float[] Rows, int Length) Columns(AudioClip clip)
    {
        UInt128 content = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(clip.Samples.Span), clip.SampleRate);
        if (!known.TryGetValue(content, out var columns))
            known.Add(content, columns = inner.Columns(clip));
        return columns;
    }
}
