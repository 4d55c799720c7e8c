namespace StemJepa;

/// <summary>
/// How well recordings go with a mix as they are, both from their first sample on: the affinity in time, at three speeds at which both are
/// played, and a little for onsets that coincide and for pitch classes that both have. It takes three times as long as to embed. For
/// recordings of different songs that are in place already; among those of one song the affinity in time alone tells more, and what first
/// has to be moved, stretched or transposed is for <see cref="StemFitter"/>. Thread-safe if the model is, as <see cref="StemAffinity"/> is.
/// </summary>
/// <param name="model">The model; it is not disposed of.</param>
public sealed class StemCoherence(IStemAffinity model)
{
    /// <summary>9:8, two semitones: what the model mistakes at one speed and pitch, it seldom mistakes at others.</summary>
    private const int Rate = FrontEndSettings.SampleRate, OtherRate = Rate / 8 * 9;

    /// <summary>Samples of 20 minutes: of what is longer, only these, 77 MB, are kept for the other speeds, onsets and pitch
    /// classes.</summary>
    private const int Longest = 20 * 60 * Rate;

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
    /// <param name="mix">The mix, of any sample rate; it is read to its end and not disposed of. Of what is longer than 20
    /// minutes, the rest counts for the affinity at its own speed alone.</param>
    /// <param name="stem">The stem that the mix lacks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="StemJepaException">As <see cref="Score"/>.</exception>
    public CoherenceMix Prepare(AudioReader mix, Stem stem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        (StemEmbedding prediction, PatchSequence[] speeds, float[] samples) = Read(mix, Longest,
            (reader, patches) => model.Predict(reader, stem, patches, cancellationToken), cancellationToken);
        return new CoherenceMix(prediction, speeds, CoherenceFeatures.Extract(samples, cancellationToken), samples.Length);
    }

    /// <summary>Compares a recording with a mix.</summary>
    /// <param name="mix">A result of <see cref="Prepare"/> with the same model.</param>
    /// <param name="recording">The recording, of any sample rate; it is read to its end and not disposed of.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="StemJepaException">As <see cref="Score"/>, or the mix was prepared with another model.</exception>
    public RecordingCoherence Compare(CoherenceMix mix, AudioReader recording, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentNullException.ThrowIfNull(recording);
        (StemEmbedding embedding, PatchSequence[] speeds, float[] samples) = Read(recording, mix.Length,
            (reader, patches) => model.Embed(reader, patches, cancellationToken), cancellationToken);
        _ = mix.Prediction.Similarity(embedding); // Throws if it is another model's.
        var features = CoherenceFeatures.Extract(samples, cancellationToken);
        float[] affinities = [.. mix.Speeds.Zip(speeds, (own, other) => own.Similarity(other, cancellationToken))];
        return new RecordingCoherence(embedding, affinities[0], affinities.Average(),
            mix.Features.Onsets.Coincidence(features.Onsets),
            mix.Features.PitchClasses.Likeness(features.PitchClasses));
    }

    /// <summary>A recording as it is, slower and lower, and faster and higher. A single sample stays as it is.</summary>
    /// <param name="samples">16 kHz mono.</param>
    internal static IEnumerable<AudioClip> AtSpeeds(float[] samples) => new[] { (Rate, Rate), (Rate, OtherRate), (OtherRate, Rate) }
        .Select(rates => rates.Item1 == rates.Item2 || samples.Length < 2 ? samples : Resampler.Resample(samples, rates.Item1, rates.Item2))
        .Select(varied => new AudioClip(varied, Rate));

    /// <summary>Runs a recording through the model, and its first samples, which are kept at 16 kHz, at the other speeds.</summary>
    private static (StemEmbedding Embedding, PatchSequence[] Speeds, float[] Samples) Read(AudioReader recording, int most,
        Func<AudioReader, PatchSequence, StemEmbedding> run, CancellationToken cancellationToken)
    {
        var samples = new List<float>();
        var tap = new TapReader(new ResamplingReader(recording, Rate),
            block => samples.AddRange(block[..Math.Min(block.Length, most - samples.Count)]));
        PatchSequence[] speeds = [new(), new(), new()];
        StemEmbedding embedding = run(tap, speeds[0]);
        float[] kept = [.. samples];
        samples.Clear();
        samples.Capacity = 0;
        int speed = 0;
        foreach (AudioClip varied in AtSpeeds(kept))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (speed > 0)
                run(varied.OpenReader(), speeds[speed]);
            speed++;
        }
        return (embedding, speeds, kept);
    }
}

/// <summary>What of a mix recordings are compared with, by <see cref="StemCoherence"/>. Immutable and thread-safe.</summary>
public sealed class CoherenceMix
{
    internal CoherenceMix(StemEmbedding prediction, PatchSequence[] speeds, CoherenceFeatures features, int length) =>
        (Prediction, Speeds, Features, Length) = (prediction, speeds, features, length);

    /// <summary>The embedding that the missing stem should have.</summary>
    public StemEmbedding Prediction { get; }

    /// <summary>Of each of <see cref="StemCoherence.AtSpeeds"/>.</summary>
    internal IReadOnlyList<PatchSequence> Speeds { get; }

    internal CoherenceFeatures Features { get; }

    /// <summary>Samples of 16 kHz.</summary>
    internal int Length { get; }
}

/// <summary>How well a recording goes with a mix as it is. Immutable and thread-safe.</summary>
/// <param name="Embedding">The recording's embedding.</param>
/// <param name="Affinity">The affinity in time, -1..1.</param>
/// <param name="AtSpeeds">The mean of that and of those where both are played 9:8 slower and faster, about two semitones lower and higher,
/// -1..1.</param>
/// <param name="Onsets">How well onsets coincide: the correlation of onset strength, the highest within 20 ms, -1..1; 0 where nothing
/// begins.</param>
/// <param name="PitchClasses">How alike the pitch classes are that sound together: the mean over time of their correlation, -1..1.</param>
public sealed record RecordingCoherence(StemEmbedding Embedding, float Affinity, float AtSpeeds, float Onsets, float PitchClasses)
{
    /// <summary>What both count beside the affinity: a round number with which stems of different real songs (real-dev) are told apart
    /// well.</summary>
    private const float OnsetWeight = 0.2f, PitchClassWeight = 0.2f;

    /// <summary>The affinity in time at three speeds, and up to 0.2 each for onsets and for pitch classes: -1.4..1.4, higher better.
    /// Comparable for one mix and stem alone.</summary>
    public float Score => AtSpeeds + InCommon(Onsets, PitchClasses);

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
