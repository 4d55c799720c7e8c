using Microsoft.Extensions.VectorData;

namespace StemJepa.Extensions;

/// <summary>
/// A catalogue in any <see cref="VectorStore"/>: records are put into its collection in batches, and found again by what its search finds
/// nearest. Affinities are computed here from the stored vectors, so that they do not depend on what a store calls a score; which
/// recordings are among the nearest is the store's answer, exact or approximate. As thread-safe as the collection, which is not disposed of
/// with it. Errors of the store come through as its own.
/// </summary>
/// <param name="collection">
/// The collection, such as <c>store.GetCollection&lt;string, StemRecord&gt;(name, StemRecord.Definition(model.EmbeddingLength))</c>.
/// </param>
public sealed class VectorStoreCatalog(VectorStoreCollection<string, StemRecord> collection) : IStemCatalog
{
    private const int BatchSize = 256;

    private readonly VectorStoreCollection<string, StemRecord> _collection = collection
        ?? throw new ArgumentNullException(nameof(collection));

    /// <summary>
    /// Adds recordings, or replaces those of the same ids, in batches of 256; makes the collection if there is none. Batches before a
    /// failure stay.
    /// </summary>
    /// <param name="recordings">What is known of each recording, and its embedding; read as the batches go out.</param>
    /// <param name="cancellationToken">Ends it between batches, or within one if the store can.</param>
    public async Task IndexAsync(IEnumerable<(CatalogEntry Entry, StemEmbedding Embedding)> recordings,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        await _collection.EnsureCollectionExistsAsync(cancellationToken).ConfigureAwait(false);
        foreach ((CatalogEntry Entry, StemEmbedding Embedding)[] batch in recordings.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await _collection.UpsertAsync(batch.Select(recording => StemRecord.From(recording.Entry, recording.Embedding)),
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes recordings; ids that there are none of are passed over.</summary>
    public Task RemoveAsync(IEnumerable<string> ids, CancellationToken cancellationToken = default) =>
        _collection.DeleteAsync(ids, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">
    /// The filter's path is a pattern that vector stores cannot express, or the store does not take the filter.
    /// </exception>
    public async Task<IReadOnlyList<CatalogMatch>> SearchAsync(
        StemEmbedding prediction, int top = 10, CatalogFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var options =
            new VectorSearchOptions<StemRecord> { Filter = FilterExpression.Of(filter ?? new CatalogFilter()), IncludeVectors = true };
        var matches = new List<CatalogMatch>();
        await foreach (VectorSearchResult<StemRecord> result in _collection.SearchAsync(prediction.UnitVector, top, options,
            cancellationToken).ConfigureAwait(false))
            matches.Add(Match(prediction, result.Record));
        return [.. matches.OrderByDescending(match => match.Affinity)];
    }

    /// <inheritdoc/>
    public async Task<CatalogEntry?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        StemRecord? record = await _collection.GetAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
        return record is null ? null : Read(record, found => found.ToEntry());
    }

    private CatalogMatch Match(StemEmbedding prediction, StemRecord record) =>
        Read(record, found => new CatalogMatch(found.ToEntry(), prediction.Similarity(found.ToEmbedding())));

    /// <summary>What a store holds is data, and not the caller's argument.</summary>
    private T Read<T>(StemRecord record, Func<StemRecord, T> read)
    {
        try
        {
            return read(record);
        }
        catch (ArgumentException error)
        {
            throw new StemJepaException($"The collection {_collection.Name} holds a record that cannot be used: {error.Message}", error);
        }
    }
}
