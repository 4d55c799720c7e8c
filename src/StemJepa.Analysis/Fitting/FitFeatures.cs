using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>What the search compares of a recording. Immutable.</summary>
/// <param name="Samples">16 kHz mono.</param>
/// <param name="Rhythm">When something begins.</param>
/// <param name="Harmony">Which pitch classes sound.</param>
/// <param name="Alignment">Its <see cref="AlignmentFeatures"/>.</param>
/// <param name="Analysis">Its tempo and key, as estimated.</param>
internal sealed record FitFeatures(float[] Samples, RhythmCurve Rhythm, Harmony Harmony, float[] Alignment, StemAnalysis Analysis)
{
    private const int BlockSamples = FrontEndSettings.SampleRate / 100;

    /// <summary>50 dB under the loudest block of 10 ms is silence.</summary>
    private const float Range = 3.2e-3f;

    public double Seconds => (double)Samples.Length / FrontEndSettings.SampleRate;

    /// <summary>From where to where it sounds, in seconds.</summary>
    public (double From, double To) Sounding { get; } = FindSounding(Samples);

    /// <param name="samples">16 kHz mono, at least one.</param>
    /// <param name="analysis">Its tempo and key, as estimated.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static FitFeatures Extract(float[] samples, StemAnalysis analysis, CancellationToken cancellationToken)
    {
        BandDynamics dynamics = BandDynamics.Compute(samples, cancellationToken);
        float[] chroma = Chromagram.Compute(samples, AlignmentFeatures.Hop, cancellationToken);
        return new FitFeatures(samples, RhythmCurve.FromDynamics(dynamics), Harmony.Compute(samples, chroma, cancellationToken),
            AlignmentFeatures.Compute(chroma, dynamics, cancellationToken), analysis);
    }

    private static (double From, double To) FindSounding(ReadOnlySpan<float> samples)
    {
        var levels = new List<float>();
        for (int start = 0; start < samples.Length; start += BlockSamples)
        {
            ReadOnlySpan<float> block = samples[start..Math.Min(samples.Length, start + BlockSamples)];
            levels.Add(TensorPrimitives.Norm(block) / MathF.Sqrt(block.Length));
        }
        float least = Range * levels.DefaultIfEmpty(0).Max();
        int first = Math.Max(0, levels.FindIndex(level => level > least)), last = levels.FindLastIndex(level => level > least);
        const double seconds = (double)BlockSamples / FrontEndSettings.SampleRate;
        return last < 0 ? (0, levels.Count * seconds) : (first * seconds, (last + 1) * seconds);
    }
}
