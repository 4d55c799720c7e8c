namespace StemJepa;

/// <summary>
/// How well recordings go with a mix as they are, both from their first sample on: the affinity in time, and a little for onsets that
/// coincide and for pitch classes that both have. For recordings of different songs that are in place already; among those of one song the
/// affinity in time alone tells more, and what first has to be moved, stretched or transposed is for <see cref="StemFitter"/>. Thread-safe
/// if the model is, as <see cref="StemAffinity"/> is.
/// </summary>
/// <param name="model">The model; it is not disposed of.</param>
public sealed class StemCoherence(IStemAffinity model)
{
    /// <summary>What both count beside the affinity: a round number with which stems of different real songs (real-dev) are told apart
    /// well.</summary>
    private const float OnsetWeight = 0.2f, PitchClassWeight = 0.2f;

    /// <summary>Scores recordings; scores are comparable for one mix and stem alone.</summary>
    /// <param name="mix">The mix, of any sample rate.</param>
    /// <param name="recordings">The recordings; the time that each shares with the mix counts.</param>
    /// <param name="stem">The stem that the mix lacks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>For each recording a score, -1.4..1.4, higher better: the affinity in time, and up to 0.2 each for onsets and for pitch
    /// classes.</returns>
    /// <exception cref="StemJepaException">The model does not know the stem, or a recording is empty or not finite.</exception>
    public IReadOnlyList<float> Score(AudioClip mix, IReadOnlyList<AudioClip> recordings, Stem stem,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentNullException.ThrowIfNull(recordings);
        var predicted = new PatchSequence();
        model.Predict(mix.OpenReader(), stem, predicted, cancellationToken);
        CoherenceFeatures features = CoherenceFeatures.Extract(mix, cancellationToken);
        return [.. recordings.Select(recording =>
        {
            ArgumentNullException.ThrowIfNull(recording);
            var patches = new PatchSequence();
            model.Embed(recording.OpenReader(), patches, cancellationToken);
            return predicted.Similarity(patches, cancellationToken)
                + features.InCommon(CoherenceFeatures.Extract(recording, cancellationToken));
        })];
    }

    /// <summary>What of a recording is compared beside its embedding. Immutable and thread-safe.</summary>
    internal sealed record CoherenceFeatures(OnsetCurve Onsets, PitchClassCurve PitchClasses)
    {
        public static CoherenceFeatures Extract(AudioClip clip, CancellationToken cancellationToken)
        {
            ReadOnlySpan<float> samples = clip.Resample(FrontEndSettings.SampleRate).Samples.Span;
            return new CoherenceFeatures(OnsetCurve.FromDynamics(BandDynamics.Compute(samples, cancellationToken)),
                PitchClassCurve.Compute(samples, cancellationToken));
        }

        /// <summary>What is added to the affinity in time, -0.4..0.4.</summary>
        public float InCommon(CoherenceFeatures recording) => OnsetWeight * Onsets.Coincidence(recording.Onsets)
            + PitchClassWeight * PitchClasses.Likeness(recording.PitchClasses);
    }
}
