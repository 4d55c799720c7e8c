namespace StemJepa.Analysis.Tests;

/// <summary>Test signals.</summary>
internal static class Signal
{
    public static float[] Sine(double hertz, int rate, int length, double amplitude = 0.5) =>
        [.. Enumerable.Range(0, length).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * i / rate)))];

    public static float[] Noise(int length, int seed, double amplitude = 0.2)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(amplitude * (2 * random.NextDouble() - 1)))];
    }

    public static double Rms(ReadOnlySpan<float> samples)
    {
        double sum = 0;
        foreach (float sample in samples)
            sum += (double)sample * sample;
        return Math.Sqrt(sum / Math.Max(1, samples.Length));
    }

    /// <summary>The frequency of a sine, from its first to its last rise through zero.</summary>
    public static double Frequency(ReadOnlySpan<float> sine, int rate)
    {
        double first = 0, last = 0;
        int periods = -1;
        for (int i = 0; i + 1 < sine.Length; i++)
        {
            if (sine[i] >= 0 || sine[i + 1] < 0)
                continue;
            last = i + sine[i] / (double)(sine[i] - sine[i + 1]);
            if (periods++ < 0)
                first = last;
        }
        return periods / (last - first) * rate;
    }
}
