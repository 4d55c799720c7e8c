using System.Diagnostics.CodeAnalysis;

namespace StemJepa.Tool.Catalogs;

/// <summary>A catalogue on servers with vector sets. Commands have nothing else to do while they wait for them.</summary>
internal sealed class ServerCatalog : ICatalog
{
    private readonly VectorSetCatalog _catalog;
    private readonly VectorSetSearch _search;
    private readonly CancellationToken _cancellationToken;

    private ServerCatalog(VectorSetCatalog catalog, VectorSetSearch search, CancellationToken cancellationToken) =>
        (_catalog, _search, _cancellationToken) = (catalog, search, cancellationToken);

    public string Place => _catalog.Address;

    public string ModelName => _catalog.ModelName;

    public int EmbeddingLength => _catalog.EmbeddingLength;

    public string Precision => nameof(CatalogPrecision.Single).ToLowerInvariant();

    /// <exception cref="StemJepaException">It is none, it cannot be reached, or it holds another model's embeddings.</exception>
    public static ServerCatalog Open(string address, ModelInfo? model, VectorSetSearch search, CancellationToken cancellationToken) =>
        new(Wait(VectorSetCatalog.OpenAsync(address, model, cancellationToken)), search, cancellationToken);

    /// <summary>Makes it if it is missing.</summary>
    /// <exception cref="StemJepaException">It cannot be reached, or it holds another model's embeddings.</exception>
    public static ServerCatalog OpenOrCreate(string address, ModelInfo model, CancellationToken cancellationToken) =>
        new(Wait(VectorSetCatalog.OpenOrCreateAsync(address, model, cancellationToken: cancellationToken)), new VectorSetSearch(),
            cancellationToken);

    public bool TryGet(string id, [NotNullWhen(true)] out CatalogEntry? entry)
    {
        entry = Wait(_catalog.GetAsync(id, _cancellationToken));
        return entry is not null;
    }

    public bool TryGetEmbedding(string id, [NotNullWhen(true)] out StemEmbedding? embedding)
    {
        embedding = Wait(_catalog.GetEmbeddingAsync(id, _cancellationToken));
        return embedding is not null;
    }

    public IReadOnlyList<string> IdsFrom(string start) => [.. _catalog.EntriesAsync(cancellationToken: _cancellationToken)
        .ToBlockingEnumerable(_cancellationToken).Select(entry => entry.Id).Where(id => id.StartsWith(start, StringComparison.Ordinal))];

    /// <summary>Not cancellable: an interrupted command keeps what it has embedded.</summary>
    public int Write(IReadOnlyList<(CatalogEntry Entry, StemEmbedding Embedding)> recordings, IReadOnlyList<string> removed)
    {
        _catalog.SetAsync(recordings, CancellationToken.None).GetAwaiter().GetResult();
        foreach (string id in removed)
            Wait(_catalog.RemoveAsync(id, CancellationToken.None));
        return (int)Wait(_catalog.CountAsync(CancellationToken.None));
    }

    public (IReadOnlyList<CatalogMatch> Matches, IReadOnlyList<string> Warnings) Search(
        StemEmbedding prediction, int top, CatalogFilter filter)
    {
        VectorSetAnswer answer = Wait(_catalog.SearchAsync(prediction, top, filter, _search, _cancellationToken));
        return (answer.Matches, [.. answer.Missing.Select(shard =>
            $"shard {shard.Number} of {Place} on {shard.Endpoint} cannot be reached; its recordings are missing here.")]);
    }

    /// <summary>None where a shard is lost and searches may answer in part: a sample without it would say too little.</summary>
    public IReadOnlyList<CatalogMatch> Sample(StemEmbedding prediction, int count, CatalogFilter filter)
    {
        try
        {
            return Wait(_catalog.SampleAsync(prediction, count, filter, _cancellationToken));
        }
        catch (CatalogUnavailableException) when (_search.AllowPartial)
        {
            return [];
        }
    }

    public CatalogStatistics CountAll() => Wait(_catalog.CountAllAsync(_cancellationToken));

    public void Dispose() => _catalog.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
