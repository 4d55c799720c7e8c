using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace StemJepa.Extensions;

/// <summary>
/// A view of one catalogue as a collection of records; <see cref="StemVectorStore"/> says what holds for it. Thread-safe; disposing of it
/// does nothing.
/// </summary>
internal sealed class StemRecordCollection(string name, SharedCatalog catalog, StemJepaTelemetry? telemetry)
    : VectorStoreCollection<string, StemRecord>
{
    public override string Name => name;

    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => Task.FromResult(catalog.Exists);

    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) =>
        RunAsync(nameof(EnsureCollectionExistsAsync), () => catalog.CreateAsync(cancellationToken));

    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) =>
        RunAsync(nameof(EnsureCollectionDeletedAsync), () => catalog.DeleteAsync(cancellationToken));

    public override async Task<StemRecord?> GetAsync(string key, RecordRetrievalOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return (await ReadAsync(nameof(GetAsync), open => Find(open, [key], options), cancellationToken)
            .ConfigureAwait(false)).FirstOrDefault();
    }

    public override IAsyncEnumerable<StemRecord> GetAsync(IEnumerable<string> keys, RecordRetrievalOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        string[] wanted = [.. keys];
        return StreamAsync(nameof(GetAsync), (open, _) => Find(open, wanted, options), cancellationToken);
    }

    public override IAsyncEnumerable<StemRecord> GetAsync(Expression<Func<StemRecord, bool>> filter, int top,
        FilteredRecordRetrievalOptions<StemRecord>? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        CatalogFilter? translated = RecordFilter.Translate(filter);
        var order = new RecordOrder(options?.OrderBy);
        return StreamAsync<StemRecord>(nameof(GetAsync), (open, _) =>
        {
            IEnumerable<StemRecord> found = translated is null ? [] : open.Entries(translated).Select(entry => StemRecord.From(entry));
            return [.. order.Sort(found).Skip(options?.Skip ?? 0).Take(top)
                .Select(record => options is { IncludeVectors: true } ? WithVector(open, record) : record)];
        }, cancellationToken);
    }

    public override Task DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return DeleteAsync([key], cancellationToken);
    }

    public override Task DeleteAsync(IEnumerable<string> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        string[] unwanted = [.. keys];
        return ChangeAsync(nameof(DeleteAsync), unwanted, (writer, key) => writer.Remove(key), cancellationToken);
    }

    public override Task UpsertAsync(StemRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return UpsertAsync([record], cancellationToken);
    }

    public override Task UpsertAsync(IEnumerable<StemRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        (CatalogEntry Entry, StemEmbedding Embedding)[] pairs = [.. records.Select(record => record is null
            ? throw new ArgumentException("A record is null.", nameof(records))
            : (record.ToEntry(), record.ToEmbedding()))];
        return ChangeAsync(nameof(UpsertAsync), pairs, (writer, pair) => writer.Set(pair.Entry, pair.Embedding), cancellationToken);
    }

    public override IAsyncEnumerable<VectorSearchResult<StemRecord>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<StemRecord>? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(searchValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        options ??= new VectorSearchOptions<StemRecord>();
        StemEmbedding query = Query(searchValue);
        CatalogFilter? filter = RecordFilter.Translate(options.Filter);
        if (options.VectorProperty is { } property
            && new RecordProperties(property.Parameters[0]).NameOf(property.Body) != nameof(StemRecord.Vector))
            throw new NotSupportedException(
                $"'{property.Body}' is not the vector of a {nameof(StemRecord)}: search by {nameof(StemRecord.Vector)}, or leave it out.");
        int fetched = (int)Math.Min((long)top + options.Skip, int.MaxValue);
        return StreamAsync<VectorSearchResult<StemRecord>>(nameof(SearchAsync), (open, cancel) =>
        {
            IReadOnlyList<CatalogMatch> Search() => filter is null ? [] : open.Search(query, fetched, filter, cancel);
            IReadOnlyList<CatalogMatch> matches = telemetry is null ? Search()
                : telemetry.Observe(StemJepaTelemetry.Search, filter?.Stem, () => (0, 0), Search);
            return [.. matches.Skip(options.Skip).Where(match => !(match.Affinity < options.ScoreThreshold))
                .Select(match => new VectorSearchResult<StemRecord>(
                options.IncludeVectors ? WithVector(open, StemRecord.From(match.Entry)) : StemRecord.From(match.Entry), match.Affinity))];
        }, cancellationToken);
    }

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        var metadata = new VectorStoreCollectionMetadata { VectorStoreSystemName = StemVectorStore.SystemName,
            VectorStoreName = catalog.Folder, CollectionName = name };
        object[] services = [this, metadata, catalog.Model];
        return Array.Find(services, serviceType.IsInstanceOfType);
    }

    private static StemEmbedding Query(object value) => value switch
    {
        StemEmbedding embedding => embedding,
        Embedding<float> embedding => new StemEmbedding(embedding.Vector.Span),
        ReadOnlyMemory<float> vector => new StemEmbedding(vector.Span),
        Memory<float> vector => new StemEmbedding(vector.Span),
        float[] vector => new StemEmbedding(vector),
        _ => throw new NotSupportedException(
            $"A stem catalogue is searched with a {nameof(StemEmbedding)} or its vector, not with {value.GetType().Name}: ask "
            + $"{nameof(IStemAffinity)}.{nameof(IStemAffinity.Predict)} for one first."),
    };

    private static IReadOnlyList<StemRecord> Find(StemCatalog open, string[] keys, RecordRetrievalOptions? options)
    {
        var found = new List<StemRecord>();
        foreach (string key in keys)
        {
            if (open.TryGet(key, out CatalogEntry? entry))
                found.Add(options is { IncludeVectors: true } ? WithVector(open, StemRecord.From(entry)) : StemRecord.From(entry));
        }
        return found;
    }

    private static StemRecord WithVector(StemCatalog open, StemRecord record)
    {
        if (open.TryGetEmbedding(record.Id, out StemEmbedding? embedding))
            record.Vector = embedding.Vector;
        return record;
    }

    private async IAsyncEnumerable<T> StreamAsync<T>(
        string operation, Func<StemCatalog, CancellationToken, IReadOnlyList<T>> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (T item in await ReadAsync(operation, open => read(open, cancellationToken), cancellationToken).ConfigureAwait(false))
            yield return item;
    }

    private async Task<IReadOnlyList<T>> ReadAsync<T>(string operation, Func<StemCatalog, IReadOnlyList<T>> read,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<T> result = [];
        await RunAsync(operation, async () => result = await Task.Run(() => catalog.Read(read), cancellationToken).ConfigureAwait(false))
            .ConfigureAwait(false);
        return result;
    }

    private Task ChangeAsync<T>(string operation, T[] items, Action<CatalogWriter, T> change, CancellationToken cancellationToken) =>
        RunAsync(operation, () => catalog.ChangeAsync((writer, cancel) =>
        {
            foreach (T item in items)
            {
                cancel.ThrowIfCancellationRequested();
                change(writer, item);
            }
        }, cancellationToken));

    /// <summary>Failures of the catalogue become those of vector stores, with the same sentence.</summary>
    private async Task RunAsync(string operation, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (StemJepaException error)
        {
            throw new VectorStoreException(error.Message, error)
            {
                VectorStoreSystemName = StemVectorStore.SystemName,
                VectorStoreName = catalog.Folder,
                CollectionName = name,
                OperationName = operation,
            };
        }
    }
}
