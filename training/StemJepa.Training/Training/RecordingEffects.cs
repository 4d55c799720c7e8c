namespace StemJepa.Training.Training;

/// <summary>
/// What happens to a recording between the player and a library, each effect in the share of cases that the settings give and by an
/// amount of its own: chorus, a moving filter, saturation,
/// compression, a tape's wow, noise and hum, silence at an edge, in this order. A mix and a recording are treated apart. Thread-safe.
/// </summary>
/// <param name="settings">The experiment.</param>
internal sealed class RecordingEffects(TrainingSettings settings)
{
    /// <summary>
    /// The samples (mono, 16 kHz), treated or themselves. An effect whose share is 0 draws nothing from <paramref name="random"/>.
    /// </summary>
    public ReadOnlySpan<float> Apply(ReadOnlySpan<float> samples, Random random)
    {
        float[]? treated = null;
        Put(settings.ChorusShare, s => Modulation.Chorus(s, Between(random, 0.010, 0.025), Between(random, 0.001, 0.004),
            Logarithmic(random, 0.1, 2), Between(random, 0.3, 0.9), Phase(random)), ref samples);
        Put(settings.MovingFilterShare, s => Modulation.MovingLowPass(s, Logarithmic(random, 300, 2000), Logarithmic(random, 2500, 7500),
            Logarithmic(random, 0.03, 1), Between(random, 0.7, 3), Phase(random)), ref samples);
        Put(settings.SaturatedShare, s => Dynamics.Saturate(s, Logarithmic(random, 1, 8)), ref samples);
        Put(settings.CompressedShare, s => Dynamics.Compress(s, Between(random, -24, -6), Logarithmic(random, 2, 20),
            Logarithmic(random, 0.0005, 0.03), Logarithmic(random, 0.03, 0.4)), ref samples);
        Put(settings.WowShare, s => Modulation.Wow(s, Logarithmic(random, 0.0005, 0.005), Logarithmic(random, 0.4, 6), Phase(random)),
            ref samples);
        Put(settings.NoiseShare, s => Interference.AddNoise(s, Between(random, -60, -25), Between(random, -60, -30), random.Next(2) == 0
            ? 50 : 60, random), ref samples);
        Put(settings.SilentEdgeShare, s => Interference.SilenceEdge(s, Between(random, 0.05, 0.4), random.Next(2) == 0), ref samples);
        return samples;

        void Put(double share, Action<float[]> effect, ref ReadOnlySpan<float> current)
        {
            if (share == 0 || random.NextDouble() >= share) return;
            treated ??= current.ToArray();
            effect(treated);
            current = treated;
        }
    }

    private static double Between(Random random, double low, double high) => low + (high - low) * random.NextDouble();

    private static double Logarithmic(Random random, double low, double high) => low * Math.Pow(high / low, random.NextDouble());

    private static double Phase(Random random) => 2 * Math.PI * random.NextDouble();
}
