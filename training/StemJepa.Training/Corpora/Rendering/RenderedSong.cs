using System.Numerics.Tensors;

namespace StemJepa.Training.Corpora;

/// <summary>
/// The stems of a song and their sum: 16 kHz, 16 bits, equal lengths, one gain for the whole song. Immutable.
/// </summary>
internal sealed class RenderedSong
{
    private const double PeakDb = -1, QuietDb = -50, LeastActive = 0.05;
    private const int BlockSamples = 1600;

    private RenderedSong(short[] mixture, IReadOnlyDictionary<Stem, short[]> stems, double gain) =>
        (Mixture, Stems, Gain) = (mixture, stems, gain);

    /// <summary>The sum of the stems, sample by sample.</summary>
    public short[] Mixture { get; }

    /// <summary>The stems, as long as the mixture.</summary>
    public IReadOnlyDictionary<Stem, short[]> Stems { get; }

    /// <summary>Gain of the synthesiser's samples.</summary>
    public double Gain { get; }

    /// <summary>
    /// Pads the stems to the length of the longest, but at most <paramref name="longest"/> samples, and scales them by one gain, so that
    /// the highest peak of the mixture and the stems is at -1 dB.
    /// </summary>
    public static RenderedSong Mix(IReadOnlyDictionary<Stem, float[]> stems, int longest)
    {
        int length = Math.Min(longest, stems.Values.Max(s => s.Length));
        var sum = new float[length];
        float peak = 0;
        foreach (float[] stem in stems.Values)
        {
            for (int i = 0; i < Math.Min(length, stem.Length); i++)
            {
                sum[i] += stem[i];
                peak = Math.Max(peak, Math.Abs(stem[i]));
            }
        }
        foreach (float s in sum) peak = Math.Max(peak, Math.Abs(s));
        double gain = Math.Pow(10, PeakDb / 20) / Math.Max(peak, 1e-9);
        var mixture = new short[length];
        var quantised = new Dictionary<Stem, short[]>();
        foreach ((Stem stem, float[] samples) in stems)
        {
            short[] scaled = Quantise(samples, length, gain);
            for (int i = 0; i < length; i++) mixture[i] += scaled[i];
            quantised[stem] = scaled;
        }
        return new RenderedSong(mixture, quantised, gain);
    }

    /// <summary>Returns a part of the song, as long as the mixture and with its gain.</summary>
    public short[] Quantise(float[] samples) => Quantise(samples, Mixture.Length, Gain);

    private static short[] Quantise(float[] samples, int length, double gain)
    {
        var scaled = new short[length];
        for (int i = 0; i < Math.Min(length, samples.Length); i++)
            scaled[i] = (short)Math.Clamp(Math.Round(samples[i] * gain * 32768), short.MinValue, short.MaxValue);
        return scaled;
    }

    /// <summary>Returns why the audio cannot be used, as a predicate for the name of the song; null if no stem is nearly silent.</summary>
    public string? Fault()
    {
        foreach ((Stem stem, short[] samples) in Stems)
        {
            double active = ActiveFraction(samples);
            if (active < LeastActive)
                return $"is nearly silent in the role {stem}: {active:P1} of its blocks are over {QuietDb} dB, "
                    + $"at least {LeastActive:P0} are needed";
        }
        return null;
    }

    private static double ActiveFraction(short[] samples)
    {
        double peak = Math.Pow(10, QuietDb / 20) * 32768;
        int active = 0, blocks = 0;
        for (int at = 0; at < samples.Length; at += BlockSamples, blocks++)
            if (samples.AsSpan(at, Math.Min(BlockSamples, samples.Length - at)).ContainsAnyExceptInRange((short)-peak, (short)peak))
                active++;
        return (double)active / Math.Max(1, blocks);
    }
}
