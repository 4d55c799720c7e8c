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
    /// <summary>Scores recordings; scores are comparable for one mix and stem alone.</summary>
    /// <param name="mix">The mix, of any sample rate.</param>
    /// <param name="recordings">The recordings; the time that each shares with the mix counts.</param>
    /// <param name="stem">The stem that the mix lacks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>For each recording its <see cref="RecordingCoherence.Score"/>.</returns>
    /// <exception cref="StemJepaException">The model does not know the stem, or a recording is empty or not finite.</exception>
    public IReadOnlyList<float> Score(AudioClip mix, IReadOnlyList<AudioClip> recordings, Stem stem,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentNullException.ThrowIfNull(recordings);
        CoherenceMix prepared = Prepare(mix.OpenReader(), stem, cancellationToken);
        return [.. recordings.Select(recording =>
        {
            ArgumentNullException.ThrowIfNull(recording);
            return Compare(prepared, recording.OpenReader(), cancellationToken).Score;
        })];
    }

    /// <summary>Extracts what of a mix is compared, once for many recordings.</summary>
    /// <param name="mix">The mix, of any sample rate; it is read to its end and not disposed of. 230 MB are taken for an hour.</param>
    /// <param name="stem">The stem that the mix lacks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="StemJepaException">As <see cref="Score"/>.</exception>
    public CoherenceMix Prepare(AudioReader mix, Stem stem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        var patches = new PatchSequence();
        (StemEmbedding prediction, float[] samples) = Read(mix, int.MaxValue,
            reader => model.Predict(reader, stem, patches, cancellationToken));
        return new CoherenceMix(prediction, patches, CoherenceFeatures.Extract(samples, cancellationToken), samples.Length);
    }

    /// <summary>Compares a recording with a mix.</summary>
    /// <param name="mix">A result of <see cref="Prepare"/>.</param>
    /// <param name="recording">The recording, of any sample rate; it is read to its end and not disposed of.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="StemJepaException">As <see cref="Score"/>.</exception>
    public RecordingCoherence Compare(CoherenceMix mix, AudioReader recording, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentNullException.ThrowIfNull(recording);
        var patches = new PatchSequence();
        (StemEmbedding embedding, float[] samples) = Read(recording, mix.Length, reader => model.Embed(reader, patches, cancellationToken));
        var features = CoherenceFeatures.Extract(samples, cancellationToken);
        return new RecordingCoherence(embedding, mix.Patches.Similarity(patches, cancellationToken),
            mix.Features.Onsets.Coincidence(features.Onsets), mix.Features.PitchClasses.Likeness(features.PitchClasses));
    }

    /// <summary>Runs a recording through the model, and keeps the first samples of it, at 16 kHz.</summary>
    private static (StemEmbedding Embedding, float[] Samples) Read(AudioReader recording, int most, Func<AudioReader, StemEmbedding> run)
    {
        var samples = new List<float>();
        var tap = new TapReader(new ResamplingReader(recording, FrontEndSettings.SampleRate),
            block => samples.AddRange(block[..Math.Min(block.Length, most - samples.Count)]));
        return (run(tap), [.. samples]);
    }
}

/// <summary>What of a mix recordings are compared with, by <see cref="StemCoherence"/>. Immutable and thread-safe.</summary>
public sealed class CoherenceMix
{
    internal CoherenceMix(StemEmbedding prediction, PatchSequence patches, CoherenceFeatures features, int length) =>
        (Prediction, Patches, Features, Length) = (prediction, patches, features, length);

    /// <summary>The embedding that the missing stem should have.</summary>
    public StemEmbedding Prediction { get; }

    internal PatchSequence Patches { get; }

    internal CoherenceFeatures Features { get; }

    /// <summary>Samples of 16 kHz.</summary>
    internal int Length { get; }
}

/// <summary>How well a recording goes with a mix as it is. Immutable and thread-safe.</summary>
/// <param name="Embedding">The recording's embedding.</param>
/// <param name="Affinity">The affinity in time, -1..1.</param>
/// <param name="Onsets">How well onsets coincide: the correlation of onset strength, the highest within 20 ms, -1..1; 0 where nothing
/// begins.</param>
/// <param name="PitchClasses">How alike the pitch classes are that sound together: the mean over time of their correlation, -1..1.</param>
public sealed record RecordingCoherence(StemEmbedding Embedding, float Affinity, float Onsets, float PitchClasses)
{
    /// <summary>What both count beside the affinity: a round number with which stems of different real songs (real-dev) are told apart
    /// well.</summary>
    private const float OnsetWeight = 0.2f, PitchClassWeight = 0.2f;

    /// <summary>The affinity in time, and up to 0.2 each for onsets and for pitch classes: -1.4..1.4, higher better. Comparable for one mix
    /// and stem alone.</summary>
    public float Score => Affinity + InCommon(Onsets, PitchClasses);

    /// <summary>What is added to the affinity in time, -0.4..0.4.</summary>
    internal static float InCommon(float onsets, float pitchClasses) => OnsetWeight * onsets + PitchClassWeight * pitchClasses;
}

/// <summary>What of a recording is compared beside its embedding. Immutable and thread-safe.</summary>
internal sealed record CoherenceFeatures(OnsetCurve Onsets, PitchClassCurve PitchClasses)
{
    /// <param name="samples">16 kHz mono; at least one sample.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static CoherenceFeatures Extract(ReadOnlySpan<float> samples, CancellationToken cancellationToken) =>
        new(OnsetCurve.FromDynamics(BandDynamics.Compute(samples, cancellationToken)),
            PitchClassCurve.Compute(samples, cancellationToken: cancellationToken));
}
