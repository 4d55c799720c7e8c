using Microsoft.Extensions.Logging;

namespace StemJepa.Extensions;

/// <summary>
/// The embedded catalogue as a service: it follows what is committed, in this process or another, no later than after an interval, and
/// works off the calling thread. Owns <paramref name="catalog"/>.
/// </summary>
internal sealed partial class EmbeddedStemCatalog(StemCatalog catalog, TimeSpan refreshEvery, TimeProvider clock, ILogger logger)
    : IStemCatalog, IDisposable
{
    private long _refreshed = clock.GetTimestamp();

    public Task<IReadOnlyList<CatalogMatch>> SearchAsync(
        StemEmbedding prediction, int top = 10, CatalogFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        return Task.Run(() => Fresh().Search(prediction, top, filter, cancellationToken), cancellationToken);
    }

    public Task<CatalogEntry?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Task.Run(() => Fresh().TryGet(id, out CatalogEntry? entry) ? entry : null, cancellationToken);
    }

    public Task<IReadOnlyList<CatalogMatch>> SampleAsync(
        StemEmbedding prediction, int count, CatalogFilter? filter = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Fresh().Sample(prediction, count, filter, cancellationToken), cancellationToken);

    public Task<CatalogStatistics?> CountAllAsync(CancellationToken cancellationToken = default) =>
        Task.Run<CatalogStatistics?>(() => Fresh().CountAll(), cancellationToken);

    public void Dispose() => catalog.Dispose();

    private StemCatalog Fresh()
    {
        if (refreshEvery < TimeSpan.Zero || clock.GetElapsedTime(Interlocked.Read(ref _refreshed)) < refreshEvery)
            return catalog;
        Interlocked.Exchange(ref _refreshed, clock.GetTimestamp());
        if (catalog.Refresh())
            LogRefreshed(logger, catalog.Folder, catalog.Generation, catalog.Count);
        return catalog;
    }

    [LoggerMessage(3, LogLevel.Debug, "{Folder} is seen in generation {Generation}, with {Count} recordings")]
    private static partial void LogRefreshed(ILogger logger, string folder, long generation, int count);
}
