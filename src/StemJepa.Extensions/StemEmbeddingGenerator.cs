using Microsoft.Extensions.AI;

namespace StemJepa.Extensions;

/// <summary>
/// Embeddings of recordings for whatever takes an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>. A vector is
/// <see cref="StemEmbedding.UnitVector"/> of <see cref="IStemAffinity.Embed"/>: of length 1, so that the cosine of two, and their dot
/// product, are their
/// <see cref="StemEmbedding.Similarity"/>. Embeddings say how long the recording was (<see cref="SecondsProperty"/>) and whether it was
/// silent (<see cref="SilentProperty"/>), in which case the vector says nothing. Thread-safe. The model is not disposed of with it.
/// </summary>
/// <param name="model">The model.</param>
public sealed class StemEmbeddingGenerator(IStemAffinity model) : IEmbeddingGenerator<AudioClip, Embedding<float>>
{
    /// <summary>The additional property of an embedding that holds the recording's length in seconds, a double.</summary>
    public const string SecondsProperty = "seconds";

    /// <summary>The additional property of an embedding that says whether the recording was silent, a bool.</summary>
    public const string SilentProperty = "silent";

    private readonly IStemAffinity _model = model ?? throw new ArgumentNullException(nameof(model));
    private readonly EmbeddingGeneratorMetadata _metadata = new("stemjepa", null, model.Model.Name, model.Model.EmbeddingLength);

    /// <summary>Embeds a batch, as many recordings at a time as there are cores.</summary>
    /// <param name="values">The recordings, each with at least one sample.</param>
    /// <param name="options">A model or a number of dimensions, if set, must be the model's own.</param>
    /// <param name="cancellationToken">Ends the batch early, within a recording too.</param>
    /// <returns>An embedding for each recording, in their order.</returns>
    /// <exception cref="ArgumentException">A recording is null, or the options ask for another model or other dimensions.</exception>
    /// <exception cref="StemJepaException">A recording cannot be used; the message says which.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<AudioClip> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        Check(options);
        AudioClip[] clips = [.. values];
        if (Array.IndexOf(clips, null) is int missing and >= 0)
            throw new ArgumentException($"Recording {missing} is null.", nameof(values));
        var embeddings = new Embedding<float>[clips.Length];
        await Parallel.ForAsync(0, clips.Length, cancellationToken, async (i, cancel) =>
            embeddings[i] = await EmbedAsync(i, clips[i], cancel).ConfigureAwait(false))
            .ConfigureAwait(false);
        return new GeneratedEmbeddings<Embedding<float>>(embeddings);
    }

    /// <summary>
    /// This generator, its <see cref="EmbeddingGeneratorMetadata"/>, its <see cref="IStemAffinity"/> or its <see cref="ModelInfo"/>;
    /// otherwise null.
    /// </summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        object[] services = [this, _metadata, _model, _model.Model];
        return Array.Find(services, serviceType.IsInstanceOfType);
    }

    /// <summary>Does nothing: the model belongs to whoever made it.</summary>
    public void Dispose()
    {
    }

    private async Task<Embedding<float>> EmbedAsync(int index, AudioClip clip, CancellationToken cancellationToken)
    {
        try
        {
            StemEmbedding embedding = await _model.EmbedAsync(clip, cancellationToken).ConfigureAwait(false);
            return new Embedding<float>(embedding.UnitVector)
            {
                ModelId = _metadata.DefaultModelId,
                CreatedAt = DateTimeOffset.UtcNow,
                AdditionalProperties =
                    new() { [SecondsProperty] = embedding.Duration?.TotalSeconds, [SilentProperty] = embedding.IsSilent },
            };
        }
        catch (StemJepaException error)
        {
            throw new StemJepaException($"Recording {index} of the batch cannot be embedded: {error.Message}", error);
        }
    }

    private void Check(EmbeddingGenerationOptions? options)
    {
        if (options?.Dimensions is { } dimensions && dimensions != _metadata.DefaultModelDimensions)
            throw new ArgumentException(
                $"The options ask for {dimensions} dimensions, and the model {_metadata.DefaultModelId} has "
                + $"{_metadata.DefaultModelDimensions}: leave them out.", nameof(options));
        if (options?.ModelId is { } id && id != _metadata.DefaultModelId)
            throw new ArgumentException(
                $"The options ask for the model '{id}', and this is {_metadata.DefaultModelId}: leave it out, or load that model.",
                nameof(options));
    }
}
