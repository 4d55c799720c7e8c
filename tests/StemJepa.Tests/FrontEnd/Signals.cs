namespace StemJepa.Tests;

/// <summary>Test recordings, the same for the same seed.</summary>
internal static class Signals
{
    /// <summary>White noise, uniform in -amplitude..amplitude.</summary>
    public static float[] Noise(int length, int seed, float amplitude = 0.5f)
    {
        var random = new Random(seed);
        var samples = new float[length];
        for (int i = 0; i < length; i++)
            samples[i] = amplitude * (2 * random.NextSingle() - 1);
        return samples;
    }
}
