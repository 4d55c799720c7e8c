using System.Diagnostics.CodeAnalysis;

namespace StemJepa.Tool.Catalogs;

/// <summary>
/// A catalogue in a folder. It is locked only while <see cref="Write"/> runs, so that several processes can fill it; reads see the state
/// at its opening, or after the last <see cref="Write"/>.
/// </summary>
internal sealed class FolderCatalog : ICatalog
{
    /// <summary>Other processes hold the lock for as long as it takes to compact a large catalogue.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ModelInfo? _model;
    private readonly CatalogPrecision? _precision;
    private readonly CancellationToken _cancellationToken;
    private StemCatalog? _reading;

    private FolderCatalog(string folder, ModelInfo? model, CatalogPrecision? precision, bool create, CancellationToken cancellationToken)
    {
        (Place, _model, _precision, _cancellationToken) = (folder, model, precision, cancellationToken);
        if (create)
            Write([], []);
        _reading = StemCatalog.Open(folder, model);
    }

    public string Place { get; }

    public string ModelName => Reading.ModelName;

    public int EmbeddingLength => Reading.EmbeddingLength;

    public string Precision => Reading.Precision.ToString().ToLowerInvariant();

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

    public bool TryGet(string id, [NotNullWhen(true)] out CatalogEntry? entry) => Reading.TryGet(id, out entry);

    public bool TryGetEmbedding(string id, [NotNullWhen(true)] out StemEmbedding? embedding) => Reading.TryGetEmbedding(id, out embedding);

    /// <summary>Not held open while it is written, since the log of changes grows for as long as a reader keeps a state.</summary>
    private StemCatalog Reading => _reading ??= StemCatalog.Open(Place, _model);

    public IReadOnlyList<string> IdsFrom(string start) =>
        [.. Reading.Entries().Select(entry => entry.Id).Where(id => id.StartsWith(start, StringComparison.Ordinal))];

    public int Write(IReadOnlyList<(CatalogEntry Entry, StemEmbedding Embedding)> recordings, IReadOnlyList<string> removed)
    {
        _reading?.Dispose();
        _reading = null;
        using CatalogWriter writer = CatalogWriter.Open(Place, _model!, _precision, Patience, _cancellationToken);
        foreach ((CatalogEntry entry, StemEmbedding embedding) in recordings)
            writer.Set(entry, embedding);
        foreach (string id in removed)
            writer.Remove(id);
        writer.Commit();
        return writer.Catalog.Count;
    }

    public (IReadOnlyList<CatalogMatch> Matches, IReadOnlyList<string> Warnings) Search(
        StemEmbedding prediction, int top, CatalogFilter filter) =>
        (Reading.Search(prediction, top, filter, _cancellationToken), []);

    public IReadOnlyList<CatalogMatch> Sample(StemEmbedding prediction, int count, CatalogFilter filter) =>
        Reading.Sample(prediction, count, filter, _cancellationToken);

    public CatalogStatistics CountAll() => Reading.CountAll();

    public void Dispose() => _reading?.Dispose();
}
