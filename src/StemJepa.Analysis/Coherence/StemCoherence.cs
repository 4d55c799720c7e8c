namespace StemJepa;

/// <summary>
/// How well recordings go with a mix as they are, both from their first sample on: the affinity in time, and what both have in common by
/// onsets, harmony and their changes, weighted as songs taught it. For takes and loops that are in place already; what first has to be
/// moved, stretched or transposed is for <see cref="StemFitter"/>, and a library is searched by affinity. Thread-safe if the model is, as
/// <see cref="StemAffinity"/> is.
/// </summary>
/// <param name="model">The model; weights were learned with the library's own. It is not disposed of.</param>
public sealed class StemCoherence(IStemAffinity model)
{
    /// <summary>Scores recordings; they are comparable for one mix and stem alone.</summary>
    /// <param name="mix">The mix, of any sample rate.</param>
    /// <param name="recordings">The recordings; of longer ones the part that lasts as long as the mix counts.</param>
    /// <param name="stem">The stem that the mix lacks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>For each recording a score, higher better: the affinity in time, -1..1, and what is added to it, about -1..1.</returns>
    /// <exception cref="StemJepaException">The model does not know the stem, or a recording is empty or not finite.</exception>
    public IReadOnlyList<float> Score(AudioClip mix, IReadOnlyList<AudioClip> recordings, Stem stem,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentNullException.ThrowIfNull(recordings);
        var predicted = new PatchSequence();
        model.Predict(mix.OpenReader(), stem, predicted, cancellationToken);
        float[] units = predicted.ToUnitVectors(cancellationToken);
        SoundFeatures features = Extract(mix, cancellationToken);
        return [.. recordings.Select(recording =>
        {
            ArgumentNullException.ThrowIfNull(recording);
            var patches = new PatchSequence();
            model.Embed(recording.OpenReader(), patches, cancellationToken);
            float[] own = patches.ToUnitVectors(cancellationToken);
            int length = Math.Min(units.Length, own.Length), count = length / Math.Max(1, predicted.PatchLength);
            float affinity = count == 0 ? 0 : DotProduct.Compute(units.AsSpan(0, length), own.AsSpan(0, length)) / count;
            return Score(affinity, CoherenceWeights.Compare(features, Extract(recording, cancellationToken), stem), stem);
        })];
    }

    /// <summary>The affinity in time and what is added to it.</summary>
    internal static float Score(float affinity, float[] values, Stem stem) =>
        affinity + DotProduct.Compute(CoherenceWeights.For(stem), values);

    private static SoundFeatures Extract(AudioClip clip, CancellationToken cancellationToken) =>
        SoundFeatures.Extract(clip.Resample(FrontEndSettings.SampleRate).Samples.Span, cancellationToken);
}
