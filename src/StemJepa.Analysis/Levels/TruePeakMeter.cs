using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// The largest magnitude of a signal between its samples, by a windowed sinc at three places between each two. Thread-safe.
/// </summary>
internal static class TruePeakMeter
{
    private const int Phases = 4, HalfTaps = 16, Taps = 2 * HalfTaps;

    /// <summary>By phase 1/4, 2/4 and 3/4, [3][taps].</summary>
    private static readonly float[][] Kernels = [.. Enumerable.Range(1, Phases - 1).Select(Kernel)];

    /// <summary>Measures one channel; 0 for silence.</summary>
    public static float Measure(ReadOnlySpan<float> samples)
    {
        if (samples.IsEmpty)
            return 0;
        float peak = Math.Abs(TensorPrimitives.MaxMagnitude(samples));
        var padded = new float[samples.Length + 2 * Taps];
        samples.CopyTo(padded.AsSpan(Taps));
        for (int start = 0; start + Taps <= padded.Length; start++)
        {
            ReadOnlySpan<float> around = padded.AsSpan(start, Taps);
            foreach (float[] kernel in Kernels)
                peak = Math.Max(peak, Math.Abs(TensorPrimitives.Dot(around, kernel)));
        }
        return peak;
    }

    private static float[] Kernel(int phase)
    {
        double[] taps = [.. Enumerable.Range(0, Taps).Select(tap =>
        {
            double distance = tap - (HalfTaps - 1) - (double)phase / Phases, window = Math.Cos(Math.PI * distance / Taps);
            return Math.Sin(Math.PI * distance) / (Math.PI * distance) * window * window;
        })];
        double sum = taps.Sum();
        return [.. taps.Select(tap => (float)(tap / sum))];
    }
}
