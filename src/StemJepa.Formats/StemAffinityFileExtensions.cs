namespace StemJepa;

/// <summary>
/// An <see cref="IStemAffinity"/> on audio files and streams of every format that <see cref="AudioFile"/> reads. Thread-safe.
/// </summary>
public static class StemAffinityFileExtensions
{
    /// <summary>Embeds a file; memory does not grow with its length.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The recording.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="StemJepaException">The file is missing, damaged or of an unknown format.</exception>
    public static StemEmbedding Embed(this IStemAffinity model, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        using AudioReader recording = AudioFile.Open(path, cancellationToken: cancellationToken);
        return model.Embed(recording, null, cancellationToken);
    }

    /// <summary>Embeds a WAV, MP3 or Ogg Vorbis stream, which stays open.</summary>
    /// <param name="model">The model.</param>
    /// <param name="recording">A readable stream, at the first byte of the recording.</param>
    /// <param name="name">The name of the recording in error messages.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="StemJepaException">The stream is damaged or of another format.</exception>
    public static StemEmbedding Embed(this IStemAffinity model, Stream recording, string name,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        using AudioReader reader = AudioFile.Open(recording, name);
        return model.Embed(reader, null, cancellationToken);
    }

    /// <summary>Predicts the embedding that the stem <paramref name="missing"/> of the mix in a file should have.</summary>
    /// <exception cref="StemJepaException">The file is missing, damaged or of an unknown format.</exception>
    public static StemEmbedding Predict(this IStemAffinity model, string mix, Stem missing, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        using AudioReader reader = AudioFile.Open(mix, cancellationToken: cancellationToken);
        return model.Predict(reader, missing, null, cancellationToken);
    }

    /// <summary>
    /// How well the recording in a file fits as the stem that the mix in another file lacks: a cosine, -1..1, higher fits better.
    /// </summary>
    /// <exception cref="StemJepaException">A file is missing, damaged or of an unknown format.</exception>
    public static float Affinity(this IStemAffinity model, string mix, string candidate, Stem stem,
        AffinityComparison comparison = AffinityComparison.Mean, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        using AudioReader mixReader = AudioFile.Open(mix, cancellationToken: cancellationToken);
        using AudioReader candidateReader = AudioFile.Open(candidate, cancellationToken: cancellationToken);
        return model.Affinity(mixReader, candidateReader, stem, comparison, cancellationToken);
    }

    /// <summary>As <see cref="Embed(IStemAffinity, string, CancellationToken)"/>, off the calling thread.</summary>
    public static Task<StemEmbedding> EmbedAsync(this IStemAffinity model, string path, CancellationToken cancellationToken = default) =>
        Task.Run(() => model.Embed(path, cancellationToken), cancellationToken);

    /// <summary>As <see cref="Predict(IStemAffinity, string, Stem, CancellationToken)"/>, off the calling thread.</summary>
    public static Task<StemEmbedding> PredictAsync(this IStemAffinity model, string mix, Stem missing,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => model.Predict(mix, missing, cancellationToken), cancellationToken);

    /// <summary>Embeds many files, in their order; as many at once as there are cores.</summary>
    /// <exception cref="StemJepaException">A file cannot be used; those after it are not embedded.</exception>
    public static IAsyncEnumerable<StemEmbedding> EmbedManyAsync(this IStemAffinity model, IEnumerable<string> paths,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return model.EmbedManyAsync(paths.Select(path => AudioFile.Open(path, cancellationToken: cancellationToken)).ToAsyncEnumerable(),
            cancellationToken);
    }
}
