using StemJepa.Extensions;

namespace StemJepa.Tool.Serving;

/// <summary>A catalogue on servers with vector sets, as a service. Owns it. Thread-safe.</summary>
internal sealed class RemoteStemCatalog(VectorSetCatalog catalog) : IStemCatalog, IDisposable
{
    public async Task<IReadOnlyList<CatalogMatch>> SearchAsync(
        StemEmbedding prediction, int top = 10, CatalogFilter? filter = null, CancellationToken cancellationToken = default)
    {
        VectorSetAnswer answer = await catalog.SearchAsync(prediction, top, filter, new VectorSetSearch(), cancellationToken);
        return answer.Matches;
    }

    public Task<CatalogEntry?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        catalog.GetAsync(id, cancellationToken);

    public Task<IReadOnlyList<CatalogMatch>> SampleAsync(
        StemEmbedding prediction, int count, CatalogFilter? filter = null, CancellationToken cancellationToken = default) =>
        catalog.SampleAsync(prediction, count, filter, cancellationToken);

    public async Task<CatalogStatistics?> CountAllAsync(CancellationToken cancellationToken = default) =>
        await catalog.CountAllAsync(cancellationToken);

    public void Dispose() => catalog.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
