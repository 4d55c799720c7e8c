using System.Diagnostics.CodeAnalysis;

namespace StemJepa.Tool.Catalogues;

/// <summary>
/// A catalogue in a folder. It is locked only while <see cref="Write"/> runs, so that several processes can fill it; reads see the state at its opening.
/// </summary>
internal sealed class FolderCatalogue : ICatalogue
{
    /// <summary>Other processes hold the lock for as long as it takes to merge a large catalogue.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ModelInfo? model;
    private readonly CatalogPrecision? precision;
    private readonly CancellationToken cancellationToken;
    private readonly StemCatalog catalog;

    private FolderCatalogue(string folder, ModelInfo? model, CatalogPrecision? precision, bool create, CancellationToken cancellationToken)
    {
        (Place, this.model, this.precision, this.cancellationToken) = (folder, model, precision, cancellationToken);
        if (create)
            Write([]);
        catalog = StemCatalog.Open(folder, model);
    }

    public string Place { get; }

    public string ModelName => catalog.ModelName;

    public int EmbeddingLength => catalog.EmbeddingLength;

    public string Precision => catalog.Precision.ToString().ToLowerInvariant();

    /// <exception cref="StemJepaException">It is none, it is damaged, or it holds another model's embeddings.</exception>
    public static FolderCatalogue Open(string folder, ModelInfo? model, CancellationToken cancellationToken) => new(folder, model, null, create: false, cancellationToken);

    /// <summary>Makes it if it is missing.</summary>
    /// <exception cref="StemJepaException">It cannot be written, it is damaged, or it has another precision or another model's embeddings.</exception>
    public static FolderCatalogue OpenOrCreate(string folder, ModelInfo model, CatalogPrecision? precision, CancellationToken cancellationToken) =>
        new(folder, model, precision, create: true, cancellationToken);

    public bool TryGet(string id, [NotNullWhen(true)] out CatalogEntry? entry) => catalog.TryGet(id, out entry);

    public bool TryGetEmbedding(string id, [NotNullWhen(true)] out StemEmbedding? embedding) => catalog.TryGetEmbedding(id, out embedding);

    public int Write(IReadOnlyList<(CatalogEntry Entry, StemEmbedding Embedding)> recordings)
    {
        using CatalogWriter writer = CatalogWriter.Open(Place, model!, precision, Patience);
        foreach ((CatalogEntry entry, StemEmbedding embedding) in recordings)
            writer.Set(entry, embedding);
        writer.Commit();
        return writer.Catalog.Count;
    }

    public (IReadOnlyList<CatalogMatch> Matches, IReadOnlyList<string> Warnings) Search(StemEmbedding prediction, int top, CatalogFilter filter) =>
        (catalog.Search(prediction, top, filter, cancellationToken), []);

    public CatalogStatistics CountAll() => catalog.CountAll();

    public void Dispose() => catalog.Dispose();
}
