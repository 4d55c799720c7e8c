namespace StemJepa;

/// <summary>
/// Embeddings of recordings of each of <see cref="Stem.Roles"/> from many songs, which come with a model. None of them belongs to a user's
/// mix, so they tell how much better a candidate fits than recordings that do not belong to it. Immutable and thread-safe.
/// </summary>
public sealed class AffinityBackground
{
    private readonly float[][][] _directions;

    internal AffinityBackground(BackgroundContent content) =>
        (ModelHash, Corpus, _directions) = (content.ModelHash, content.Corpus, content.Directions);

    /// <summary>Name of the data set that the recordings are from.</summary>
    public string Corpus { get; }

    /// <summary><see cref="ModelInfo.Hash"/> of the model whose embeddings they are.</summary>
    public string ModelHash { get; }

    /// <summary>Loads the background of a model: that in a model folder, or the one that the library carries for its own model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">Its folder; null for the library's own.</param>
    /// <returns>Null if the folder has none, or if the model is not the library's own.</returns>
    /// <exception cref="StemJepaException">It is damaged, or the folder's belongs to another model.</exception>
    public static AffinityBackground? TryLoad(ModelInfo model, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (folder is null)
        {
            return AssemblyFile.TryRead<AffinityBackground>("Model/" + BackgroundFile.Name) is { } shipped
                && BackgroundFile.Read(shipped, AssemblyFile.NameOf<AffinityBackground>(BackgroundFile.Name)) is var own
                && own.ModelHash == model.Hash ? new AffinityBackground(own) : null;
        }
        var files = new ModelFolder(folder);
        string source = files.NameOf(BackgroundFile.Name);
        if (files.ReadBeside(BackgroundFile.Name) is not { } bytes)
            return null;
        BackgroundContent background = BackgroundFile.Read(bytes, source);
        return background.ModelHash == model.Hash ? new AffinityBackground(background) : throw new StemJepaException(
            $"{source} belongs to another model than {model.Name}: {BackgroundFile.Cure}.", StemJepaErrorKind.ModelMismatch);
    }

    /// <summary>Number of recordings of a stem; 0 for stems beyond <see cref="Stem.Roles"/>.</summary>
    public int Count(Stem stem) => stem.IsRole ? _directions[stem.Role].Length : 0;

    /// <summary>The affinities of all recordings of a stem with a prediction: for many candidates of one mix.</summary>
    /// <param name="prediction">From <see cref="IStemAffinity.Predict"/>.</param>
    /// <param name="stem">The stem that was predicted.</param>
    /// <returns>Null if there are no recordings of the stem.</returns>
    /// <exception cref="StemJepaException">The prediction is another model's.</exception>
    public AffinityScale? Scale(StemEmbedding prediction, Stem stem)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        if (!stem.IsRole)
            return null;
        float[][] recordings = _directions[stem.Role];
        if (prediction.Direction.Length != recordings[0].Length || (prediction.ModelHash is { } hash && hash != ModelHash))
            throw new StemJepaException(
                "The prediction comes from another model than the background: predict with the model that the background came with.",
                StemJepaErrorKind.ModelMismatch);
        return new AffinityScale(recordings.Select(direction =>
            float.Clamp(DotProduct.Compute(prediction.Direction, direction), -1, 1)));
    }

    /// <summary>
    /// The share of the background's recordings of a stem whose affinity with a prediction is lower than a candidate's, 0..1: 0.97 fits
    /// better than 97 % of them.
    /// </summary>
    /// <param name="prediction">From <see cref="IStemAffinity.Predict"/>.</param>
    /// <param name="stem">The stem that was predicted.</param>
    /// <param name="affinity">The candidate's <see cref="StemEmbedding.Similarity"/> with the prediction.</param>
    /// <returns>Null if there are no recordings of the stem.</returns>
    /// <exception cref="StemJepaException">The prediction is another model's.</exception>
    public double? Percentile(StemEmbedding prediction, Stem stem, float affinity) => Scale(prediction, stem)?.Percentile(affinity);
}
