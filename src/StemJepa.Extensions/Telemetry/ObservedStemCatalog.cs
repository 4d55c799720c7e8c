namespace StemJepa.Extensions;

/// <summary>A catalogue whose searches are measured; otherwise it is the one that it holds, and disposes of. Thread-safe.</summary>
internal sealed class ObservedStemCatalog(IStemCatalog inner, StemJepaTelemetry telemetry) : IStemCatalog, IDisposable
{
    public Task<IReadOnlyList<CatalogMatch>> SearchAsync(
        StemEmbedding prediction, int top = 10, CatalogFilter? filter = null, CancellationToken cancellationToken = default) =>
        telemetry.ObserveAsync(StemJepaTelemetry.Search, filter?.Stem, () => (0, 0), () =>
        inner.SearchAsync(prediction, top, filter, cancellationToken));

    public Task<CatalogEntry?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        inner.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<CatalogMatch>> SampleAsync(
        StemEmbedding prediction, int count, CatalogFilter? filter = null, CancellationToken cancellationToken = default) =>
        inner.SampleAsync(prediction, count, filter, cancellationToken);

    public Task<CatalogStatistics?> CountAllAsync(CancellationToken cancellationToken = default) => inner.CountAllAsync(cancellationToken);

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
