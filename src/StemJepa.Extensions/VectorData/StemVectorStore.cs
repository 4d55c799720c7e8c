using System.Collections.Concurrent;
using Microsoft.Extensions.VectorData;

namespace StemJepa.Extensions;

/// <summary>
/// Embedded catalogues as a <see cref="VectorStore"/>: each collection of <see cref="StemRecord"/> by its id is the catalogue of one
/// subfolder, the same that
/// <see cref="StemCatalog"/> and <see cref="CatalogWriter"/> open. Thread-safe; collections share what the store has open, and may be used
/// until the store is disposed of.
/// <list type="bullet">
/// <item>Each change takes the catalogue's lock, waits for other writers (<see cref="StemVectorStoreOptions.Patience"/>), and commits once:
/// a batch is kept as a whole or not at all, and outlasts a kill once it is acknowledged. Put many records into one call: a commit takes
/// milliseconds, however few there are.</item>
/// <item>Each read begins with the newest committed state, whoever committed it, and sees that one alone.</item>
/// <item>A score is the affinity, -1..1, higher fits better. Silent recordings are found unless the filter says <c>!IsSilent</c>.</item>
/// <item>Vectors that are read back have length 1: their directions, and not their values, are those that were written.</item>
/// <item>Filters are exact or refused with <see cref="NotSupportedException"/>: <c>&amp;&amp;</c> of comparisons of Stem, Seconds, Tempo,
/// Key and Path with values, Tags.Contains, !IsSilent, and <c>||</c> of keys, or of a stem and null. Paths are compared ordinally, with
/// either slash for both.</item>
/// </list>
/// </summary>
public sealed class StemVectorStore : VectorStore
{
    internal const string SystemName = "stemjepa";

    private readonly ConcurrentDictionary<string, SharedCatalog> _catalogs = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly ModelInfo _model;
    private readonly StemVectorStoreOptions _options;
    private readonly StemJepaTelemetry? _telemetry;
    private volatile bool _isDisposed;

    /// <summary>A store in a folder, which is made with its first collection.</summary>
    /// <param name="folder">The folder above the collections'.</param>
    /// <param name="model">The model whose embeddings the collections hold.</param>
    /// <param name="options">How they are kept.</param>
    public StemVectorStore(string folder, ModelInfo model, StemVectorStoreOptions? options = null) : this(folder, model, options, null) { }

    internal StemVectorStore(string folder, ModelInfo model, StemVectorStoreOptions? options, StemJepaTelemetry? telemetry)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(model);
        _folder = folder;
        _model = model;
        _options = options ?? new StemVectorStoreOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Patience, TimeSpan.Zero, nameof(options));
        _telemetry = telemetry;
    }

    /// <summary>A collection of <see cref="StemRecord"/> by string; it need not exist yet.</summary>
    /// <exception cref="ArgumentException">
    /// The name is no folder's on some system, or the definition has other dimensions than the model.
    /// </exception>
    /// <exception cref="NotSupportedException">The key or the record is of another type.</exception>
    public override VectorStoreCollection<TKey, TRecord> GetCollection<TKey,
        TRecord>(string name, VectorStoreCollectionDefinition? definition = null)
    {
        SharedCatalog catalog = Catalog(name);
        if (definition?.Properties.OfType<VectorStoreVectorProperty>()
            .FirstOrDefault(vector => vector.Dimensions != _model.EmbeddingLength) is { } wrong)
            throw new ArgumentException(
                $"The definition gives {wrong.Name} {wrong.Dimensions} dimensions, and the model {_model.Name} has "
                + $"{_model.EmbeddingLength}.", nameof(definition));
        return new StemRecordCollection(name, catalog, _telemetry) as VectorStoreCollection<TKey, TRecord>
            ?? throw new NotSupportedException(
                $"A stem catalogue keeps {nameof(StemRecord)} by string, not {typeof(TRecord).Name} by {typeof(TKey).Name}: ask for "
                + $"GetCollection<string, {nameof(StemRecord)}>.");
    }

    /// <summary>Not supported: a stem catalogue keeps <see cref="StemRecord"/> only.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override VectorStoreCollection<object, Dictionary<string, object?>> GetDynamicCollection(string name,
        VectorStoreCollectionDefinition definition) =>
        throw new NotSupportedException($"A stem catalogue has no dynamic records: ask for GetCollection<string, {nameof(StemRecord)}>.");

    /// <summary>The names of the subfolders that hold a catalogue, in ordinal order.</summary>
    public override async IAsyncEnumerable<string> ListCollectionNamesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string name in await Task.Run(Names, cancellationToken).ConfigureAwait(false))
            yield return name;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name is no folder's on some system.</exception>
    public override Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(Catalog(name).Exists);

    /// <summary>
    /// Deletes a collection if there is one, after the changes that are under way; other files of its folder stay
    /// (<see cref="CatalogWriter.Delete"/>).
    /// </summary>
    /// <exception cref="ArgumentException">The name is no folder's on some system.</exception>
    /// <exception cref="VectorStoreException">Another program writes it all the while, or it cannot be deleted.</exception>
    public override Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default) =>
        new StemRecordCollection(name, Catalog(name), _telemetry).EnsureCollectionDeletedAsync(cancellationToken);

    /// <summary>This store, its <see cref="VectorStoreMetadata"/> or its <see cref="ModelInfo"/>; otherwise null.</summary>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        object[] services = [this, new VectorStoreMetadata { VectorStoreSystemName = SystemName, VectorStoreName = _folder }, _model];
        return Array.Find(services, serviceType.IsInstanceOfType);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        foreach (SharedCatalog catalog in _catalogs.Values)
            catalog.Dispose();
        base.Dispose(disposing);
    }

    private SharedCatalog Catalog(string name)
    {
        CollectionNames.Check(name);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        SharedCatalog catalog = _catalogs.GetOrAdd(name, key => new SharedCatalog(Path.Combine(_folder, key), _model, _options));
        if (!_isDisposed)
            return catalog;
        catalog.Dispose();
        throw new ObjectDisposedException(nameof(StemVectorStore));
    }

    private string[] Names()
    {
        try
        {
            return Directory.Exists(_folder)
                ? [.. Directory.EnumerateDirectories(_folder).Where(StemCatalog.Exists).Select(path => Path.GetFileName(path))
                .Where(CollectionNames.IsValid).Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VectorStoreException($"{_folder} cannot be listed ({error.Message.TrimEnd('.')}): make it readable.", error)
            {
                VectorStoreSystemName = SystemName,
                VectorStoreName = _folder,
                OperationName = nameof(ListCollectionNamesAsync),
            };
        }
    }
}
