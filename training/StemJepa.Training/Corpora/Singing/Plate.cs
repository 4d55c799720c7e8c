namespace StemJepa.Training.Corpora;

/// <summary>The reverb of a plate: Schroeder's parallel combs with Moorer's damping, and two all-pass filters. Thread-safe.</summary>
internal static class Plate
{
    private const double Damping = 0.25, AllPass = 0.6;
    private static readonly int[] Combs = [467, 503, 547, 587, 617, 661, 701, 743], AllPasses = [179, 59];

    /// <summary>Adds the reverb of samples at 16 kHz to them, so many decibels against them.</summary>
    public static void Add(Span<float> samples, double seconds, double decibels)
    {
        var wet = new float[samples.Length];
        foreach (int delay in Combs) Comb(samples, wet, delay, Math.Pow(10, -3.0 * delay / (seconds * Fluidsynth.OutputRate)));
        foreach (int delay in AllPasses) Diffuse(wet, delay);
        float gain = (float)Math.Pow(10, decibels / 20) * Loudness.Compute(samples) / Loudness.Compute(wet);
        for (int i = 0; i < samples.Length; i++) samples[i] += gain * wet[i];
    }

    private static void Comb(ReadOnlySpan<float> samples, Span<float> wet, int delay, double kept)
    {
        var line = new float[delay];
        float dull = 0, feedback = (float)kept;
        for (int i = 0, at = 0; i < samples.Length; i++, at = at + 1 == delay ? 0 : at + 1)
        {
            float past = line[at];
            dull = past + (float)Damping * (dull - past);
            line[at] = samples[i] + feedback * dull;
            wet[i] += past;
        }
    }

    private static void Diffuse(Span<float> wet, int delay)
    {
        var line = new float[delay];
        for (int i = 0, at = 0; i < wet.Length; i++, at = at + 1 == delay ? 0 : at + 1)
        {
            float past = line[at], now = wet[i] - (float)AllPass * past;
            line[at] = now;
            wet[i] = past + (float)AllPass * now;
        }
    }
}
