using System.Linq.Expressions;
using Microsoft.Extensions.VectorData;

namespace StemJepa.Extensions.Tests;

/// <summary>
/// Another's vector store, as plain as can be: records in a list, filters compiled, the cosine in double precision. Its score is a
/// distance.
/// </summary>
internal sealed class ListCollection : VectorStoreCollection<string, StemRecord>
{
    private readonly Dictionary<string, StemRecord> _records = [];

    public int Upserts { get; private set; }

    public override string Name => "list";

    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => Task.FromResult(true);

    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public override Task<StemRecord?> GetAsync(string key, RecordRetrievalOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Task.FromResult(_records.GetValueOrDefault(key));

    public override IAsyncEnumerable<StemRecord> GetAsync(Expression<Func<StemRecord, bool>> filter, int top,
        FilteredRecordRetrievalOptions<StemRecord>? options = null, CancellationToken cancellationToken = default) =>
        _records.Values.Where(filter.Compile()).Take(top).ToAsyncEnumerable();

    public override Task DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        _records.Remove(key);
        return Task.CompletedTask;
    }

    public override Task UpsertAsync(StemRecord record, CancellationToken cancellationToken = default)
    {
        _records[record.Id] = record;
        return Task.CompletedTask;
    }

    public override Task UpsertAsync(IEnumerable<StemRecord> records, CancellationToken cancellationToken = default)
    {
        Upserts++;
        return Task.WhenAll(records.Select(record => UpsertAsync(record, cancellationToken)));
    }

    public override IAsyncEnumerable<VectorSearchResult<StemRecord>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<StemRecord>? options = null, CancellationToken cancellationToken = default)
    {
        ReadOnlyMemory<float> query = (ReadOnlyMemory<float>)(object)searchValue;
        return _records.Values.Where(options?.Filter?.Compile() ?? (_ => true))
            .Select(record => new VectorSearchResult<StemRecord>(record, 1 - Cosine(query.Span, record.Vector.Span)))
            .OrderBy(result => result.Score).Take(top).ToAsyncEnumerable();
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) => null;

    private static double Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double product = 0, one = 0, other = 0;
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            product += (double)left[i] * right[i];
            one += (double)left[i] * left[i];
            other += (double)right[i] * right[i];
        }
        return one * other > 0 ? product / Math.Sqrt(one * other) : 0;
    }
}
