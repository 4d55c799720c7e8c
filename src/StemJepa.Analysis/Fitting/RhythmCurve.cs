using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// When something begins in a recording: onset strength in three bands of frequency, 100 frames per second, each band with mean 0 and
/// deviation 1. Immutable and thread-safe.
/// </summary>
/// <param name="Bands">[3][frames].</param>
internal sealed record RhythmCurve(float[][] Bands)
{
    public const double FramesPerSecond = BandDynamics.FramesPerSecond;

    /// <summary>What a mean rise of the log-mel counts as much as to begin with: a few onsets are far stronger than the rest.</summary>
    private const float Knee = 0.1f;

    /// <summary>Weights of the frames around one, a Gaussian of 15 ms: players are not exact to a frame.</summary>
    private static readonly float[] Smoothing = [0.11f, 0.41f, 0.8f, 1, 0.8f, 0.41f, 0.11f];

    public int Frames => Bands[0].Length;

    public double Seconds => Frames / FramesPerSecond;

    public static RhythmCurve FromDynamics(BandDynamics dynamics) =>
        new([.. dynamics.BandOnsets.Select((onsets, band) => Normalize(Smooth(onsets, 1f / BandDynamics.MelsOf(band))))]);

    /// <summary>Some of it, at another tempo: a frame t of the result is the frame first + t * ratio.</summary>
    public float[][] Stretch(double ratio, int first, int frames) => [.. Bands.Select(band =>
    {
        var stretched = new float[(int)(frames / ratio)];
        for (int t = 0; t < stretched.Length; t++)
        {
            double at = first + t * ratio;
            int whole = (int)at;
            float next = whole + 1 < band.Length ? band[whole + 1] : 0;
            stretched[t] = whole < band.Length ? band[whole] + (float)(at - whole) * (next - band[whole]) : 0;
        }
        return stretched;
    })];

    /// <summary>How well onsets coincide with those of a candidate at one tempo and start.</summary>
    public RhythmMatch Match(RhythmCurve candidate, double ratio, double start)
    {
        double offset = start * FramesPerSecond;
        int from = (int)Math.Max(0, Math.Ceiling(offset)), to = Math.Min(Frames, (int)(offset + (candidate.Frames - 1) / ratio));
        double sum = 0;
        for (int band = 0; band < Bands.Length; band++)
        {
            float[] own = Bands[band], other = candidate.Bands[band];
            for (int t = from; t < to; t++)
            {
                double at = (t - offset) * ratio;
                int whole = (int)at;
                sum += own[t] * (other[whole] + (at - whole) * (other[Math.Min(whole + 1, other.Length - 1)] - other[whole]));
            }
        }
        int shared = Math.Max(1, to - from);
        return new RhythmMatch(ratio, start, sum / shared / Bands.Length, Math.Max(0, to - from) / FramesPerSecond);
    }

    /// <summary>The first of so many frames in which most happens.</summary>
    public int Busiest(int frames)
    {
        double sum = 0, most = double.NegativeInfinity;
        int best = 0;
        for (int end = 0; end < Frames; end++)
        {
            sum += ActivityOf(end) - (end >= frames ? ActivityOf(end - frames) : 0);
            if (sum > most && end >= frames - 1)
                (best, most) = (end - frames + 1, sum);
        }
        return best;
    }

    private double ActivityOf(int frame) => Bands.Sum(band => (double)band[frame] * band[frame]);

    private static float[] Smooth(float[] onsets, float scale)
    {
        var smooth = new float[onsets.Length];
        int reach = Smoothing.Length / 2;
        for (int frame = 0; frame < onsets.Length; frame++)
        {
            float strength = MathF.Log(1 + onsets[frame] * scale / Knee);
            for (int offset = Math.Max(-reach, -frame); offset <= Math.Min(reach, onsets.Length - 1 - frame); offset++)
                smooth[frame + offset] += Smoothing[offset + reach] * strength;
        }
        return smooth;
    }

    private static float[] Normalize(float[] values)
    {
        TensorPrimitives.Subtract(values, TensorPrimitives.Sum<float>(values) / values.Length, values);
        float deviation = TensorPrimitives.Norm<float>(values) / MathF.Sqrt(values.Length);
        TensorPrimitives.Multiply(values, deviation > 1e-6f ? 1 / deviation : 0, values);
        return values;
    }
}
