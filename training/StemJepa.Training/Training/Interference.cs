using System.Numerics.Tensors;

namespace StemJepa.Training.Training;

/// <summary>What gets into a recording beside what is played, on mono samples at 16 kHz, in place. Thread-safe.</summary>
internal static class Interference
{
    private const int Rate = FrontEndSettings.SampleRate, Harmonics = 5;
    private const double FadeSeconds = 0.005;

    /// <summary>
    /// Adds uniform white noise, and hum with harmonics of amplitude 1/n, each so many decibels over the samples' root mean square.
    /// </summary>
    public static void AddNoise(Span<float> samples, double noiseDb, double humDb, double mains, Random random)
    {
        double level = Math.Sqrt(TensorPrimitives.SumOfSquares<float>(samples) / samples.Length);
        double noise = level * Math.Pow(10, noiseDb / 20) * Math.Sqrt(3), hum = level * Math.Pow(10, humDb / 20) * HumAmplitude,
            phase = 2 * Math.PI * random.NextDouble();
        for (int i = 0; i < samples.Length; i++)
        {
            double sum = noise * (2 * random.NextDouble() - 1), angle = 2 * Math.PI * mains * i / Rate + phase;
            for (int n = 1; n <= Harmonics; n++) sum += hum / n * Math.Sin(n * angle);
            samples[i] += (float)sum;
        }
    }

    /// <summary>Silences the first or last fraction of the samples, with a fade of 5 ms.</summary>
    public static void SilenceEdge(Span<float> samples, double fraction, bool atStart)
    {
        int silent = (int)(fraction * samples.Length), fade = (int)(FadeSeconds * Rate);
        for (int i = 0; i < Math.Min(samples.Length, silent + fade); i++)
            samples[atStart ? i : samples.Length - 1 - i] *= i < silent ? 0 : (float)(i - silent + 1) / (fade + 1);
    }

    /// <summary>
    /// The other stems of a window at -40 to -15 dB, as microphones and separators leak, each by a level of its own; added to
    /// <paramref name="samples"/>.
    /// </summary>
    /// <param name="samples">A stem.</param>
    /// <param name="others">The other stems, each as long.</param>
    /// <param name="random">The source.</param>
    public static void Bleed(Span<float> samples, IEnumerable<float[]> others, Random random)
    {
        foreach (float[] other in others)
            TensorPrimitives.MultiplyAdd(other.AsSpan(0, samples.Length),
                (float)Math.Pow(10, -(QuietestBleed + (LoudestBleed - QuietestBleed) * random.NextDouble()) / 20), samples, samples);
    }

    /// <summary>Decibels that the quietest and the loudest bleed are below the other stem.</summary>
    public const double QuietestBleed = 40, LoudestBleed = 15;

    /// <summary>The amplitude of hum's fundamental for a root mean square of 1.</summary>
    private static readonly double HumAmplitude = Math.Sqrt(2 / Enumerable.Range(1, Harmonics).Sum(n => 1.0 / (n * n)));
}
