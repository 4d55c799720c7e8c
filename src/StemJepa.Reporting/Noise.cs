namespace StemJepa.Reporting;

/// <summary>Noise as the input of measurements: the same in every run.</summary>
internal static class Noise
{
    /// <summary>White noise, uniform in -0.5..0.5.</summary>
    public static float[] Samples(int count, int seed = 1)
    {
        var random = new Random(seed);
        var samples = new float[count];
        foreach (ref float sample in samples.AsSpan())
            sample = random.NextSingle() - 0.5f;
        return samples;
    }

    /// <summary>The same noise as a clip at 16 kHz.</summary>
    public static AudioClip Clip(int samples, int seed = 1) => new(Samples(samples, seed), FrontEndSettings.SampleRate);
}
