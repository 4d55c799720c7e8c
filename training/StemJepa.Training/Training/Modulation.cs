namespace StemJepa.Training.Training;

/// <summary>
/// Effects that move in time, on mono samples at 16 kHz, in place. Oscillators are sines; times are seconds, frequencies hertz, phases
/// radians. Thread-safe.
/// </summary>
internal static class Modulation
{
    private const int Rate = FrontEndSettings.SampleRate, FilterStep = 16;

    /// <summary>
    /// Adds a copy of which the delay swings between <paramref name="delay"/> - depth and + depth, <paramref name="level"/> times as
    /// loud; the sum is scaled by 1 / (1 + level).
    /// </summary>
    public static void Chorus(Span<float> samples, double delay, double depth, double frequency, double level, double phase)
    {
        float[] dry = samples.ToArray();
        double w = 2 * Math.PI * frequency / Rate;
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (float)((dry[i] + level * At(dry, i - Rate * (delay + depth * Math.Sin(w * i + phase)))) / (1 + level));
    }

    /// <summary>Plays at a speed that swings by <paramref name="deviation"/> (a fraction) either way.</summary>
    public static void Wow(Span<float> samples, double deviation, double frequency, double phase)
    {
        float[] dry = samples.ToArray();
        double w = 2 * Math.PI * frequency / Rate, depth = deviation / w;
        for (int i = 0; i < samples.Length; i++) samples[i] = (float)At(dry, i + depth * Math.Sin(w * i + phase));
    }

    /// <summary>
    /// Filters with a resonant low-pass of two poles (the trapezoidal state-variable filter of Zavalishin 2012) whose cutoff swings
    /// between <paramref name="low"/> and <paramref name="high"/> on a
    /// logarithmic scale, and is set anew every 1 ms.
    /// </summary>
    public static void MovingLowPass(Span<float> samples, double low, double high, double frequency, double resonance, double phase)
    {
        double w = 2 * Math.PI * frequency / Rate, damping = 1 / resonance, first = 0, second = 0, g = 0, a = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            if (i % FilterStep == 0)
            {
                double cutoff = low * Math.Pow(high / low, (1 + Math.Sin(w * i + phase)) / 2);
                g = Math.Tan(Math.PI * cutoff / Rate);
                a = 1 / (1 + g * (g + damping));
            }
            double v3 = samples[i] - second, v1 = a * first + a * g * v3, v2 = second + g * v1;
            first = 2 * v1 - first;
            second = 2 * v2 - second;
            samples[i] = (float)v2;
        }
    }

    /// <summary>The samples at a place between two of them, by Catmull and Rom's cubic; 0 outside.</summary>
    private static double At(float[] samples, double place)
    {
        int index = (int)Math.Floor(place);
        double t = place - index, a = Sample(index - 1), b = Sample(index), c = Sample(index + 1), d = Sample(index + 2);
        return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

        double Sample(int i) => (uint)i < (uint)samples.Length ? samples[i] : 0;
    }
}
