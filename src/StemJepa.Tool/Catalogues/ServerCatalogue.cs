using System.Diagnostics.CodeAnalysis;

namespace StemJepa.Tool.Catalogues;

/// <summary>A catalogue on servers with vector sets. Commands have nothing else to do while they wait for them.</summary>
internal sealed class ServerCatalogue : ICatalogue
{
    private readonly VectorSetCatalog catalog;
    private readonly VectorSetSearch search;
    private readonly CancellationToken cancellationToken;

    private ServerCatalogue(VectorSetCatalog catalog, VectorSetSearch search, CancellationToken cancellationToken) =>
        (this.catalog, this.search, this.cancellationToken) = (catalog, search, cancellationToken);

    public string Place => catalog.Address;

    public string ModelName => catalog.ModelName;

    public int EmbeddingLength => catalog.EmbeddingLength;

    public string Precision => nameof(CatalogPrecision.Single).ToLowerInvariant();

    /// <exception cref="StemJepaException">It is none, it cannot be reached, or it holds another model's embeddings.</exception>
    public static ServerCatalogue Open(string address, ModelInfo? model, VectorSetSearch search, CancellationToken cancellationToken) =>
        new(Wait(VectorSetCatalog.OpenAsync(address, model, cancellationToken)), search, cancellationToken);

    /// <summary>Makes it if it is missing.</summary>
    /// <exception cref="StemJepaException">It cannot be reached, or it holds another model's embeddings.</exception>
    public static ServerCatalogue OpenOrCreate(string address, ModelInfo model, CancellationToken cancellationToken) =>
        new(Wait(VectorSetCatalog.OpenOrCreateAsync(address, model, cancellationToken: cancellationToken)), new VectorSetSearch(), cancellationToken);

    public bool TryGet(string id, [NotNullWhen(true)] out CatalogEntry? entry)
    {
        entry = Wait(catalog.GetAsync(id, cancellationToken));
        return entry is not null;
    }

    public bool TryGetEmbedding(string id, [NotNullWhen(true)] out StemEmbedding? embedding)
    {
        embedding = Wait(catalog.GetEmbeddingAsync(id, cancellationToken));
        return embedding is not null;
    }

    /// <summary>What has been listened to is kept even when the command is interrupted.</summary>
    public int Write(IReadOnlyList<(CatalogEntry Entry, StemEmbedding Embedding)> recordings)
    {
        catalog.SetAsync(recordings, CancellationToken.None).GetAwaiter().GetResult();
        return (int)Wait(catalog.CountAsync(CancellationToken.None));
    }

    public (IReadOnlyList<CatalogMatch> Matches, IReadOnlyList<string> Warnings) Search(StemEmbedding prediction, int top, CatalogFilter filter)
    {
        VectorSetAnswer answer = Wait(catalog.SearchAsync(prediction, top, filter, search, cancellationToken));
        return (answer.Matches, [.. answer.Missing.Select(shard => $"shard {shard.Number} of {Place} on {shard.Endpoint} cannot be reached; its recordings are missing here.")]);
    }

    public CatalogStatistics CountAll() => Wait(catalog.CountAllAsync(cancellationToken));

    public void Dispose() => catalog.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
