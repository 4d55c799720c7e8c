using System.Diagnostics.CodeAnalysis;

namespace StemJepa.Tool.Catalogs;

/// <summary>
/// A catalogue in a folder. It is locked only while <see cref="Write"/> runs, so that several processes can fill it; reads see the state
/// at its opening.
/// </summary>
internal sealed class FolderCatalog : ICatalog
{
    /// <summary>Other processes hold the lock for as long as it takes to merge a large catalogue.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ModelInfo? _model;
    private readonly CatalogPrecision? _precision;
    private readonly CancellationToken _cancellationToken;
    private readonly StemCatalog _catalog;

    private FolderCatalog(string folder, ModelInfo? model, CatalogPrecision? precision, bool create, CancellationToken cancellationToken)
    {
        (Place, _model, _precision, _cancellationToken) = (folder, model, precision, cancellationToken);
        if (create)
            Write([]);
        _catalog = StemCatalog.Open(folder, model);
    }

    public string Place { get; }

    public string ModelName => _catalog.ModelName;

    public int EmbeddingLength => _catalog.EmbeddingLength;

    public string Precision => _catalog.Precision.ToString().ToLowerInvariant();

    /// <exception cref="StemJepaException">It is none, it is damaged, or it holds another model's embeddings.</exception>
    public static FolderCatalog Open(string folder, ModelInfo? model, CancellationToken cancellationToken) =>
        new(folder, model, null, create: false, cancellationToken);

    /// <summary>Makes it if it is missing.</summary>
    /// <exception cref="StemJepaException">
    /// It cannot be written, it is damaged, or it has another precision or another model's embeddings.
    /// </exception>
    public static FolderCatalog OpenOrCreate(
        string folder, ModelInfo model, CatalogPrecision? precision, CancellationToken cancellationToken) =>
        new(folder, model, precision, create: true, cancellationToken);

    public bool TryGet(string id, [NotNullWhen(true)] out CatalogEntry? entry) => _catalog.TryGet(id, out entry);

    public bool TryGetEmbedding(string id, [NotNullWhen(true)] out StemEmbedding? embedding) => _catalog.TryGetEmbedding(id, out embedding);

    public int Write(IReadOnlyList<(CatalogEntry Entry, StemEmbedding Embedding)> recordings)
    {
        using CatalogWriter writer = CatalogWriter.Open(Place, _model!, _precision, Patience);
        foreach ((CatalogEntry entry, StemEmbedding embedding) in recordings)
            writer.Set(entry, embedding);
        writer.Commit();
        return writer.Catalog.Count;
    }

    public (IReadOnlyList<CatalogMatch> Matches, IReadOnlyList<string> Warnings) Search(
        StemEmbedding prediction, int top, CatalogFilter filter) =>
        (_catalog.Search(prediction, top, filter, _cancellationToken), []);

    public CatalogStatistics CountAll() => _catalog.CountAll();

    public void Dispose() => _catalog.Dispose();
}
