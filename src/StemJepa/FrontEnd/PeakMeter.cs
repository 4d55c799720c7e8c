using System.Numerics;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>Finds how loud samples are, and whether they are numbers at all.</summary>
internal static class PeakMeter
{
    /// <summary>The largest magnitude; positive infinity if any sample is infinite or not a number; 0 for no samples.</summary>
    public static float Measure(ReadOnlySpan<float> samples)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(samples);
        Vector<float> largest = Vector<float>.Zero;
        Vector<int> finite = Vector<int>.AllBitsSet;
        foreach (Vector<float> vector in vectors)
        {
            Vector<float> magnitude = Vector.Abs(vector);
            finite &= Vector.LessThanOrEqual(magnitude, new Vector<float>(float.MaxValue));
            largest = Vector.Max(largest, magnitude);
        }
        if (!Vector.EqualsAll(finite, Vector<int>.AllBitsSet))
            return float.PositiveInfinity;

        float peak = 0;
        for (int i = 0; i < Vector<float>.Count; i++)
            peak = Math.Max(peak, largest[i]);
        foreach (float sample in samples[(vectors.Length * Vector<float>.Count)..])
        {
            if (!float.IsFinite(sample))
                return float.PositiveInfinity;
            peak = Math.Max(peak, Math.Abs(sample));
        }
        return peak;
    }
}
