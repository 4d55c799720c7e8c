namespace StemJepa;

/// <summary>
/// Answers "which of these recordings fits my mix?" with one model. All members are thread-safe and may be called concurrently.
/// Audio of any sample rate from 8 to 192 kHz and any length from one sample is taken; longer recordings are embedded whole, in 8 s
/// windows, and averaged over time (Riou et al., ISMIR 2024, section 4.1). Clips, ranking and many recordings:
/// <see cref="StemAffinityExtensions"/>.
/// </summary>
public interface IStemAffinity : IDisposable
{
    /// <summary>What the model is: name, stems, length of its embeddings, corpus and licence.</summary>
    ModelInfo Model { get; }

    /// <summary>Embeds a recording: the mean over time of the target encoder's patches, 5 x width values.</summary>
    /// <param name="recording">
    /// Read to its end, and not disposed; memory does not grow with its length. Long recordings are read ahead while the networks work, on
    /// another thread but never by two at once.
    /// </param>
    /// <param name="patches">Optional sink for per-patch outputs, such as a <see cref="PatchSequence"/>.</param>
    /// <param name="cancellationToken">Checked between windows, and inside the networks.</param>
    /// <exception cref="StemJepaException">The audio cannot be used (empty, or not finite).</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    StemEmbedding Embed(AudioReader recording, IPatchSink? patches = null, CancellationToken cancellationToken = default);

    /// <summary>Predicts the embedding that the stem <paramref name="missing"/> of a mix should have.</summary>
    /// <param name="mix">As the recording of <see cref="Embed"/>.</param>
    /// <param name="missing">The stem to predict, one of <see cref="ModelInfo.Stems"/>.</param>
    /// <param name="patches">Optional sink for per-patch outputs: the predicted patches.</param>
    /// <param name="cancellationToken">Checked between windows, and inside the networks.</param>
    /// <exception cref="StemJepaException">
    /// The audio cannot be used (empty, or not finite), or the model does not know the stem (<see cref="StemJepaErrorKind.UnknownStem"/>).
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    StemEmbedding Predict(AudioReader mix, Stem missing, IPatchSink? patches = null, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="Embed"/>, off the calling thread.</summary>
    Task<StemEmbedding> EmbedAsync(AudioReader recording, IPatchSink? patches = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Embed(recording, patches, cancellationToken), cancellationToken);

    /// <summary>As <see cref="Predict"/>, off the calling thread.</summary>
    Task<StemEmbedding> PredictAsync(AudioReader mix, Stem missing, IPatchSink? patches = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Predict(mix, missing, patches, cancellationToken), cancellationToken);
}
