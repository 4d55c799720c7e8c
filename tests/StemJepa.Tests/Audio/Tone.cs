namespace StemJepa.Tests;

/// <summary>Test signals, and the measures of the sines in a signal by least squares.</summary>
internal static class Tone
{
    public static float[] Sine(double frequency, int sampleRate, int length, double amplitude = 0.5, double startPhase = 0.7)
        => Generate(length, n => amplitude * Math.Sin(2 * Math.PI * frequency * n / sampleRate + startPhase));

    /// <summary>A sine whose frequency rises linearly over the whole length.</summary>
    public static float[] Sweep(double first, double last, int sampleRate, int length, double amplitude = 0.5)
        => Generate(length, n =>
        {
            double seconds = n / (double)sampleRate;
            double slope = (last - first) * sampleRate / length;
            return amplitude * Math.Sin(2 * Math.PI * (first + slope * seconds / 2) * seconds);
        });

    public static double Decibels(double ratio) => 20 * Math.Log10(Math.Max(ratio, 1e-12));

    public static double Rms(ReadOnlySpan<float> samples)
    {
        double sum = 0;
        foreach (float sample in samples)
            sum += (double)sample * sample;
        return Math.Sqrt(sum / Math.Max(1, samples.Length));
    }

    /// <summary>The largest absolute difference to a function of the index, over the given range.</summary>
    public static double LargestError(ReadOnlySpan<float> samples, Range range, Func<int, double> expected)
    {
        (int offset, int length) = range.GetOffsetAndLength(samples.Length);
        double worst = 0;
        for (int n = offset; n < offset + length; n++)
            worst = Math.Max(worst, Math.Abs(samples[n] - expected(n)));
        return worst;
    }

    private static float[] Generate(int length, Func<int, double> value)
    {
        var samples = new float[length];
        for (int n = 0; n < length; n++)
            samples[n] = (float)value(n);
        return samples;
    }
}
