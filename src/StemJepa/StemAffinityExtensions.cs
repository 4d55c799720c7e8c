using NWaves.Signals;

namespace StemJepa;

/// <summary>
/// Everything convenient on an <see cref="IStemAffinity"/>: clips, spans, NWaves signals, affinities and rankings. Thread-safe.
/// </summary>
public static partial class StemAffinityExtensions
{
    /// <summary>Embeds a recording in memory.</summary>
    /// <inheritdoc cref="IStemAffinity.Embed" path="/exception"/>
    public static StemEmbedding Embed(this IStemAffinity model, AudioClip recording, CancellationToken cancellationToken = default) =>
        model.Embed(Open(model, recording, nameof(recording)), null, cancellationToken);

    /// <summary>Embeds mono samples, nominally in -1..1.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">The samples; they are copied.</param>
    /// <param name="sampleRate">Samples per second, 8000..192000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static StemEmbedding Embed(this IStemAffinity model, ReadOnlySpan<float> samples, int sampleRate,
        CancellationToken cancellationToken = default) =>
        model.Embed(new AudioClip(samples.ToArray(), sampleRate), cancellationToken);

    /// <summary>Embeds a signal of NWaves, without a copy.</summary>
    public static StemEmbedding Embed(this IStemAffinity model, DiscreteSignal recording, CancellationToken cancellationToken = default) =>
        model.Embed(AudioClip.FromSignal(recording), cancellationToken);

    /// <summary>Predicts the embedding that the stem <paramref name="missing"/> of a mix in memory should have.</summary>
    /// <inheritdoc cref="IStemAffinity.Predict" path="/exception"/>
    public static StemEmbedding Predict(this IStemAffinity model, AudioClip mix, Stem missing,
        CancellationToken cancellationToken = default) =>
        model.Predict(Open(model, mix, nameof(mix)), missing, null, cancellationToken);

    /// <summary>Predicts from mono samples, nominally in -1..1.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mix">The samples of the mix; they are copied.</param>
    /// <param name="sampleRate">Samples per second, 8000..192000.</param>
    /// <param name="missing">The stem to predict.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static StemEmbedding Predict(this IStemAffinity model, ReadOnlySpan<float> mix, int sampleRate, Stem missing,
        CancellationToken cancellationToken = default) =>
        model.Predict(new AudioClip(mix.ToArray(), sampleRate), missing, cancellationToken);

    /// <summary>Predicts from a signal of NWaves, without a copy.</summary>
    public static StemEmbedding Predict(this IStemAffinity model, DiscreteSignal mix, Stem missing,
        CancellationToken cancellationToken = default) =>
        model.Predict(AudioClip.FromSignal(mix), missing, cancellationToken);

    /// <summary>As <see cref="Embed(IStemAffinity, AudioClip, CancellationToken)"/>, off the calling thread.</summary>
    public static Task<StemEmbedding> EmbedAsync(this IStemAffinity model, AudioClip recording,
        CancellationToken cancellationToken = default) =>
        model.EmbedAsync(Open(model, recording, nameof(recording)), null, cancellationToken);

    /// <summary>As <see cref="Predict(IStemAffinity, AudioClip, Stem, CancellationToken)"/>, off the calling thread.</summary>
    public static Task<StemEmbedding> PredictAsync(this IStemAffinity model, AudioClip mix, Stem missing,
        CancellationToken cancellationToken = default) =>
        model.PredictAsync(Open(model, mix, nameof(mix)), missing, null, cancellationToken);

    /// <summary>
    /// How well <paramref name="candidate"/> fits as the stem that <paramref name="mix"/> lacks: a cosine, -1..1, higher fits better.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The comparison is unknown.</exception>
    /// <exception cref="StemJepaException">
    /// The audio cannot be used (empty, or not finite), or the model does not know the stem.
    /// </exception>
    public static float Affinity(this IStemAffinity model, AudioReader mix, AudioReader candidate, Stem stem,
        AffinityComparison comparison = AffinityComparison.Mean, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        (PatchSequence? ofMix, PatchSequence? ofCandidate) = (SinkFor(comparison), SinkFor(comparison));
        StemEmbedding prediction = model.Predict(mix, stem, ofMix, cancellationToken);
        StemEmbedding embedding = Named("The candidate", () => model.Embed(candidate, ofCandidate, cancellationToken));
        return ofMix is null ? prediction.Similarity(embedding) : ofMix.Similarity(ofCandidate!, cancellationToken);
    }

    /// <inheritdoc cref="Affinity(IStemAffinity, AudioReader, AudioReader, Stem, AffinityComparison, CancellationToken)"/>
    public static float Affinity(this IStemAffinity model, AudioClip mix, AudioClip candidate, Stem stem,
        AffinityComparison comparison = AffinityComparison.Mean, CancellationToken cancellationToken = default) =>
        model.Affinity(Open(model, mix, nameof(mix)), Open(model, candidate, nameof(candidate)), stem, comparison, cancellationToken);

    /// <summary>
    /// As <see cref="Affinity(IStemAffinity, AudioClip, AudioClip, Stem, AffinityComparison, CancellationToken)"/>, off the calling thread.
    /// </summary>
    public static Task<float> AffinityAsync(this IStemAffinity model, AudioClip mix, AudioClip candidate, Stem stem,
        AffinityComparison comparison = AffinityComparison.Mean, CancellationToken cancellationToken = default)
    {
        AudioReader mixReader = Open(model, mix, nameof(mix)), candidateReader = Open(model, candidate, nameof(candidate));
        return Task.Run(() => model.Affinity(mixReader, candidateReader, stem, comparison, cancellationToken), cancellationToken);
    }

    private static AudioReader Open(IStemAffinity model, AudioClip clip, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clip, name);
        return clip.OpenReader();
    }

    private static PatchSequence? SinkFor(AffinityComparison comparison) => comparison switch
    {
        AffinityComparison.Mean => null,
        AffinityComparison.InTime => new PatchSequence(),
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "The comparison is Mean or InTime."),
    };

    /// <summary>Lets an error about "The recording" name which recording it is.</summary>
    internal static T Named<T>(string name, Func<T> call)
    {
        const string subject = "The recording";
        try
        {
            return call();
        }
        catch (StemJepaException error) when (error.Message.StartsWith(subject, StringComparison.Ordinal))
        {
            throw new StemJepaException(name + error.Message[subject.Length..], error, error.Kind);
        }
    }
}
