using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>The shift at which the onsets of two recordings coincide best. Thread-safe.</summary>
internal static class OnsetCorrelation
{
    /// <summary>Onset strength less its mean, 100 frames per second: what <see cref="FindBest"/> compares.</summary>
    /// <param name="samples">16 kHz mono; at least one sample.</param>
    public static float[] ComputeCurve(ReadOnlySpan<float> samples) => ComputeCurve(BandDynamics.Compute(samples));

    /// <inheritdoc cref="ComputeCurve(ReadOnlySpan{float})"/>
    /// <param name="dynamics">Those of the samples.</param>
    public static float[] ComputeCurve(BandDynamics dynamics)
    {
        var onsets = new float[dynamics.Frames];
        TensorPrimitives.Subtract(dynamics.Onsets, TensorPrimitives.Sum<float>(dynamics.Onsets) / onsets.Length, onsets);
        return onsets;
    }

    /// <summary>
    /// The best shift of the candidate in a range, to 10 ms: by the sum, over the frames shared, of the product of both curves, over the
    /// square root of their number, since a mean over few frames is often high by chance. Null if onsets coincide nowhere.
    /// </summary>
    /// <param name="mix">Of <see cref="ComputeCurve(BandDynamics)"/>.</param>
    /// <param name="candidate">Of <see cref="ComputeCurve(BandDynamics)"/>.</param>
    /// <param name="first">The first shift of the range, in seconds.</param>
    /// <param name="last">The last one.</param>
    public static double? FindBest(ReadOnlySpan<float> mix, ReadOnlySpan<float> candidate, double first, double last)
    {
        const double rounding = 1e-6;
        double? best = null;
        double strongest = 0;
        for (int shift = (int)Math.Ceiling(first * BandDynamics.FramesPerSecond - rounding); shift <= last * BandDynamics.FramesPerSecond
            + rounding; shift++)
        {
            int from = Math.Max(0, shift), shared = Math.Min(mix.Length, candidate.Length + shift) - from;
            if (shared <= 0)
                continue;
            double strength = TensorPrimitives.Dot(mix.Slice(from, shared), candidate.Slice(from - shift, shared)) / Math.Sqrt(shared);
            if (strength > strongest)
                (best, strongest) = (shift / BandDynamics.FramesPerSecond, strength);
        }
        return best;
    }
}
