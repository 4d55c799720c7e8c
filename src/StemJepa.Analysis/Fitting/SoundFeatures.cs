namespace StemJepa;

/// <summary>What is compared of two recordings beside their embeddings. Immutable and thread-safe.</summary>
/// <param name="Rhythm">When something begins.</param>
/// <param name="Harmony">Which pitch classes sound.</param>
/// <param name="Alignment">Its <see cref="AlignmentFeatures"/>.</param>
internal sealed record SoundFeatures(RhythmCurve Rhythm, Harmony Harmony, float[] Alignment)
{
    /// <param name="samples">16 kHz mono, at least one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static SoundFeatures Extract(ReadOnlySpan<float> samples, CancellationToken cancellationToken)
    {
        BandDynamics dynamics = BandDynamics.Compute(samples, cancellationToken);
        float[] chroma = Chromagram.Compute(samples, AlignmentFeatures.Hop, cancellationToken);
        return new SoundFeatures(RhythmCurve.FromDynamics(dynamics), Harmony.Compute(samples, chroma, cancellationToken),
            AlignmentFeatures.Compute(chroma, dynamics, cancellationToken));
    }
}
