namespace StemJepa;

/// <summary>
/// Answers "which of these recordings fits my mix?" with one loaded model. All members are thread-safe and may be called concurrently.
/// Audio of any sample rate from 8 to 192 kHz and any length from one sample is taken; longer recordings are embedded whole, in 8 s windows,
/// and averaged over time (Riou et al., ISMIR 2024, section 4.1).
/// </summary>
public interface IStemAffinity : IDisposable
{
    /// <summary>What the loaded model is: sizes, stems, front-end constants, corpus and licence.</summary>
    ModelInfo Model { get; }

    /// <summary>Whether the model has the heads that <see cref="Analyze(AudioClip)"/> needs.</summary>
    bool HasHeads { get; }

    /// <summary>Embeds a recording: the mean over time of the target encoder's patches, 5 x width values.</summary>
    /// <exception cref="StemJepaException">The audio cannot be used (empty, or not finite).</exception>
    StemEmbedding Embed(AudioClip recording);

    /// <summary>
    /// Embeds a recording that is read in a stream; memory does not grow with its length. Long recordings are read ahead while the networks work,
    /// on another thread but never by two at once.
    /// </summary>
    StemEmbedding Embed(AudioReader recording, CancellationToken cancellationToken = default);

    /// <summary>Predicts the embedding that the stem <paramref name="missing"/> of <paramref name="mix"/> should have.</summary>
    StemEmbedding Predict(AudioClip mix, Stem missing);

    /// <summary>As <see cref="Predict(AudioClip, Stem)"/>, for a mix that is read in a stream.</summary>
    StemEmbedding Predict(AudioReader mix, Stem missing, CancellationToken cancellationToken = default);

    /// <summary>How well <paramref name="candidate"/> fits as the stem that <paramref name="mix"/> lacks: a cosine, -1..1.</summary>
    float Affinity(AudioClip mix, AudioClip candidate, Stem stem, AffinityComparison comparison = AffinityComparison.Mean);

    /// <summary>
    /// At which time <paramref name="candidate"/> fits best as the stem that <paramref name="mix"/> lacks: affinity and correlation at every shift by which
    /// at least 8 s, or half of the shorter recording, still overlap; <see cref="StemAlignment.Within"/> asks for less. Each recording is embedded ten times,
    /// its windows beginning at other moments, since a model tells moments by their place in a window too. Memory grows with the recordings: some 30 MB a minute.
    /// </summary>
    /// <exception cref="StemJepaException">The audio cannot be used (empty, or not finite).</exception>
    StemAlignment Align(AudioClip mix, AudioClip candidate, Stem stem);

    /// <summary>As <see cref="Align(AudioClip, AudioClip, Stem)"/>, for recordings that are read in a stream, the mix first.</summary>
    StemAlignment Align(AudioReader mix, AudioReader candidate, Stem stem, CancellationToken cancellationToken = default);

    /// <summary>
    /// What a recording is, as small networks read it off the embedding, the mel bands and the chroma: key, tempo, beats and instrument family. The beats are told
    /// to 10 ms; memory grows with the recording, some 2 MB a minute.
    /// </summary>
    /// <exception cref="StemJepaException">The audio cannot be used (empty, or not finite), or the model has no heads for this.</exception>
    StemAnalysis Analyze(AudioClip recording);

    /// <summary>As <see cref="Analyze(AudioClip)"/>, for a recording that is read in a stream.</summary>
    StemAnalysis Analyze(AudioReader recording, CancellationToken cancellationToken = default);

    /// <summary>Ranks candidates, best first. <see cref="RankedStem.Index"/> is the candidate's place in <paramref name="candidates"/>.</summary>
    /// <exception cref="ArgumentException">There are no candidates.</exception>
    IReadOnlyList<RankedStem> Rank(AudioClip mix, IReadOnlyList<AudioClip> candidates, Stem stem);

    /// <summary>Ranks candidates that are already embedded, best first, against a prediction of the same model.</summary>
    IReadOnlyList<RankedStem> Rank(StemEmbedding prediction, IReadOnlyList<StemEmbedding> candidates);

    /// <summary>As <see cref="Embed(AudioClip)"/>, off the calling thread.</summary>
    Task<StemEmbedding> EmbedAsync(AudioClip recording, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="Predict(AudioClip, Stem)"/>, off the calling thread.</summary>
    Task<StemEmbedding> PredictAsync(AudioClip mix, Stem missing, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="Rank(AudioClip, IReadOnlyList{AudioClip}, Stem)"/>, off the calling thread; reports the number of candidates done.</summary>
    Task<IReadOnlyList<RankedStem>> RankAsync(AudioClip mix, IReadOnlyList<AudioClip> candidates, Stem stem,
        IProgress<int>? progress = null, CancellationToken cancellationToken = default);
}
