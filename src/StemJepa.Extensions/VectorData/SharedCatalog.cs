namespace StemJepa.Extensions;

/// <summary>One folder's catalogue for all who read and write it through one store. It is opened when first read. Thread-safe.</summary>
internal sealed class SharedCatalog(string folder, ModelInfo model, StemVectorStoreOptions options) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _opening = new();
    private StemCatalog? _catalog;
    private volatile bool _isDisposed;

    internal string Folder => folder;

    internal ModelInfo Model => model;

    internal bool Exists => StemCatalog.Exists(folder);

    /// <summary>
    /// Reads the newest committed state, all of it one and the same, even if <paramref name="read"/> takes several steps.
    /// </summary>
    /// <exception cref="StemJepaException">There is no catalogue, or it is damaged.</exception>
    internal T Read<T>(Func<StemCatalog, T> read)
    {
        while (true)
        {
            StemCatalog catalog = Open();
            try
            {
                catalog.Refresh();
                long generation = catalog.Generation;
                T result = read(catalog);
                if (catalog.Generation == generation)
                    return result;
            }
            catch (ObjectDisposedException) when (!_isDisposed)
            {
                // It was deleted meanwhile; opening it says so, or opens the next one.
                continue;
            }
            // Another reader has moved on: nobody moves this one.
            using StemCatalog own = StemCatalog.Open(folder, model);
            return read(own);
        }
    }

    /// <summary>Changes the catalogue, all at once; one caller at a time.</summary>
    /// <exception cref="StemJepaException">
    /// There is no catalogue, another program writes it all the while, or it is damaged; then nothing has changed.
    /// </exception>
    internal Task ChangeAsync(Action<CatalogWriter, CancellationToken> change, CancellationToken cancellationToken) => AloneAsync(() =>
    {
        if (!Exists)
            throw new StemJepaException($"{folder} holds no catalogue: create the collection first, with EnsureCollectionExistsAsync.");
        using CatalogWriter writer = CatalogWriter.Open(folder, model, options.Precision, options.Patience);
        change(writer, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        writer.Commit();
    }, cancellationToken);

    /// <summary>Makes the catalogue, or checks that it is this model's.</summary>
    /// <exception cref="StemJepaException">It cannot be made, or is another model's.</exception>
    internal Task CreateAsync(CancellationToken cancellationToken) => AloneAsync(() =>
    {
        if (Exists)
            StemCatalog.Open(folder, model).Dispose();
        else
            CatalogWriter.Open(folder, model, options.Precision, options.Patience).Dispose();
    }, cancellationToken);

    /// <summary>Deletes the catalogue.</summary>
    /// <exception cref="StemJepaException">Another program writes it all the while, or it cannot be deleted.</exception>
    internal Task DeleteAsync(CancellationToken cancellationToken) => AloneAsync(() =>
    {
        lock (_opening)
        {
            _catalog?.Dispose();
            _catalog = null;
        }
        CatalogWriter.Delete(folder, options.Patience);
    }, cancellationToken);

    public void Dispose()
    {
        lock (_opening)
        {
            _isDisposed = true;
            _catalog?.Dispose();
        }
    }

    private StemCatalog Open()
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(StemVectorStore));
            return _catalog ??= StemCatalog.Open(folder, model);
        }
    }

    private async Task AloneAsync(Action work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(StemVectorStore));
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.Run(work, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }
}
