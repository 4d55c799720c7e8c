using System.Runtime.InteropServices;
using StackExchange.Redis;

namespace StemJepa;

/// <summary>
/// One shard of a catalogue, on one server. Entries, in hashes by the id's key, are what the catalogue holds; vectors, in hashes by element
/// name, and vector sets follow them. A recording is written vector first, entry last: the entry is what acknowledges it. Thread-safe.
/// </summary>
internal sealed class CatalogShard(CatalogServer server, string name, int number, CatalogLayout layout)
{
    /// <summary>Vectors that are read at a time.</summary>
    internal const int VectorBatch = 256;

    private readonly CatalogKeys _keys = new(name, number, layout.Shards);

    internal int Number => number;

    /// <summary>Adds or replaces a recording; when this has ended, the server has acknowledged it.</summary>
    internal async Task SetAsync(StoredEntry entry, float[] direction, CancellationToken cancellationToken)
    {
        ElementName element = entry.Element;
        int bucket = element.Recording.Bucket;
        byte[] field = element.Recording.ToBytes(), elementName = element.ToBytes();
        Task<RedisValue> before =
            AskAsync(_keys.Entries(bucket), database => database.HashGetAsync(_keys.Entries(bucket), field), cancellationToken);
        byte[] value = StoredVector.ToBytes(direction);
        Task<bool> vector = AskAsync(_keys.Vectors(bucket), database => database.HashSetAsync(_keys.Vectors(bucket), elementName, value),
            cancellationToken);
        Task listed = entry.IsListed ? AddToSetAsync(_keys.Set(entry.Kind), elementName, direction, cancellationToken) : Task.CompletedTask;
        await Task.WhenAll(before, vector, listed).ConfigureAwait(false);
        await AskAsync(_keys.Entries(bucket), database => database.HashSetAsync(_keys.Entries(bucket), field, entry.ToBytes()),
            cancellationToken).ConfigureAwait(false);
        await ClearAsync(element.Recording, await before.ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a recording, a damaged one too.</summary>
    internal async Task<bool> RemoveAsync(RecordingKey key, CancellationToken cancellationToken)
    {
        RedisKey entries = _keys.Entries(key.Bucket);
        byte[] field = key.ToBytes();
        RedisValue before = await AskAsync(entries, database => database.HashGetAsync(entries, field), cancellationToken)
            .ConfigureAwait(false);
        bool removed = !before.IsNull
            && await AskAsync(entries, database => database.HashDeleteAsync(entries, field), cancellationToken).ConfigureAwait(false);
        await ClearAsync(key, before, cancellationToken).ConfigureAwait(false);
        return removed;
    }

    /// <summary>Null if there is none.</summary>
    /// <exception cref="StemJepaException">It is damaged.</exception>
    internal async Task<StoredEntry?> FindAsync(RecordingKey key, CancellationToken cancellationToken)
    {
        RedisKey entries = _keys.Entries(key.Bucket);
        RedisValue value = await AskAsync(entries, database => database.HashGetAsync(entries, key.ToBytes()), cancellationToken)
            .ConfigureAwait(false);
        return value.IsNull ? null : Read(key, value);
    }

    /// <summary>Those of the recordings that there are.</summary>
    internal async Task<IReadOnlyList<StoredEntry>> FindAsync(IEnumerable<RecordingKey> keys, CancellationToken cancellationToken)
    {
        IEnumerable<Task<IEnumerable<StoredEntry>>> reads = keys.GroupBy(key => key.Bucket).Select(async group =>
        {
            RecordingKey[] wanted = [.. group];
            RedisKey entries = _keys.Entries(group.Key);
            RedisValue[] fields = Array.ConvertAll(wanted, key => (RedisValue)key.ToBytes());
            RedisValue[] values = await AskAsync(entries, database => database.HashGetAsync(entries, fields), cancellationToken)
                .ConfigureAwait(false);
            return wanted.Zip(values).Where(pair => !pair.Second.IsNull).Select(pair => Read(pair.First, pair.Second));
        });
        return [.. (await Task.WhenAll(reads).ConfigureAwait(false)).SelectMany(found => found)];
    }

    /// <summary>All entries of a bucket.</summary>
    internal async Task<IReadOnlyList<StoredEntry>> ReadBucketAsync(int bucket, CancellationToken cancellationToken)
    {
        RedisKey entries = _keys.Entries(bucket);
        HashEntry[] fields = await AskAsync(entries, database => database.HashGetAllAsync(entries), cancellationToken)
            .ConfigureAwait(false);
        return [.. fields.Select(field => Read(KeyOf(field.Name, entries), field.Value))];
    }

    /// <summary>
    /// The directions of recordings, in bounded batches. What has been removed meanwhile is left out; what has been replaced comes with its
    /// new entry, which the caller's filter has not seen.
    /// </summary>
    internal async Task<IReadOnlyList<(StoredEntry Entry, float[] Direction)>> ReadVectorsAsync(IEnumerable<StoredEntry> entries,
        CancellationToken cancellationToken)
    {
        IEnumerable<StoredEntry[]> batches = entries.GroupBy(entry => entry.Element.Recording.Bucket)
            .SelectMany(group => group.Chunk(VectorBatch));
        IEnumerable<Task<(StoredEntry, float[])?[]>> reads = batches.Select(async wanted =>
        {
            RedisKey vectors = _keys.Vectors(wanted[0].Element.Recording.Bucket);
            RedisValue[] names = Array.ConvertAll(wanted, entry => (RedisValue)entry.Element.ToBytes());
            RedisValue[] values = await AskAsync(vectors, database => database.HashGetAsync(vectors, names), cancellationToken)
                .ConfigureAwait(false);
            return await Task.WhenAll(wanted.Zip(values, async (entry, value) => value.IsNull
                ? await ReadAgainAsync(entry, cancellationToken).ConfigureAwait(false)
                : (entry, Direction(entry, value)))).ConfigureAwait(false);
        });
        return [.. (await Task.WhenAll(reads).ConfigureAwait(false)).SelectMany(batch => batch).OfType<(StoredEntry, float[])>()];
    }

    /// <summary>The elements of a vector set that are nearest to a direction, nearest first, as the server finds them.</summary>
    internal async Task<IReadOnlyList<ElementName>> NearestAsync(int kind, float[] direction, int count, int effort,
        CancellationToken cancellationToken)
    {
        RedisKey set = _keys.Set(kind);
        object[] arguments =
            [set, "FP32", MemoryMarshal.AsBytes<float>(direction).ToArray(), "COUNT", count, "EF", Math.Max(count, effort)];
        RedisResult answer = await AskAsync(set, database => database.ExecuteAsync("VSIM", arguments), cancellationToken)
            .ConfigureAwait(false);
        return answer.IsNull ? [] : [.. ((byte[][])answer!).Select(name => ElementName.TryRead(name)
            ?? throw new StemJepaException(
            $"The vector set {set} of {server.Catalog} has an element that is none of ours: use keys that begin with 'stemjepa:' for "
            + "nothing else."))];
    }

    internal async Task<long> CountAsync(CancellationToken cancellationToken) =>
        (await Task.WhenAll(Enumerable.Range(0, CatalogKeys.Buckets)
        .Select(bucket => AskAsync(_keys.Entries(bucket), database => database.HashLengthAsync(_keys.Entries(bucket)), cancellationToken)))
        .ConfigureAwait(false)).Sum();

    /// <summary>How many vectors are kept, living or dead.</summary>
    internal async Task<long> CountVectorsAsync(CancellationToken cancellationToken) =>
        (await Task.WhenAll(Enumerable.Range(0, CatalogKeys.Buckets)
        .Select(bucket => AskAsync(_keys.Vectors(bucket), database => database.HashLengthAsync(_keys.Vectors(bucket)), cancellationToken)))
        .ConfigureAwait(false)).Sum();

    /// <summary>Removes everything.</summary>
    internal async Task DeleteAsync(CancellationToken cancellationToken)
    {
        foreach (RedisKey key in _keys.All)
            await AskAsync(key, database => database.KeyDeleteAsync(key), cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> AddToSetAsync(RedisKey set, byte[] element, float[] direction, CancellationToken cancellationToken)
    {
        object[] arguments = [set, "FP32", MemoryMarshal.AsBytes<float>(direction).ToArray(), element, "NOQUANT", "EF", layout.BuildEffort,
            "M", layout.Links];
        RedisResult answer = await AskAsync(set, database => database.ExecuteAsync("VADD", arguments), cancellationToken)
            .ConfigureAwait(false);
        return (bool)answer;
    }

    /// <summary>Removes the vector that a former entry named; a damaged one names none.</summary>
    private async Task ClearAsync(RecordingKey key, RedisValue formerEntry, CancellationToken cancellationToken)
    {
        if (formerEntry.IsNull || StoredEntry.TryRead(key, (byte[])formerEntry!) is not { } former)
            return;
        byte[] element = former.Element.ToBytes();
        RedisKey vectors = _keys.Vectors(key.Bucket), set = _keys.Set(former.Kind);
        Task<bool> vector = AskAsync(vectors, database => database.HashDeleteAsync(vectors, element), cancellationToken);
        Task listed = former.IsListed ? AskAsync(set, database => database.ExecuteAsync("VREM", [set, element]), cancellationToken)
            : Task.CompletedTask;
        await Task.WhenAll(vector, listed).ConfigureAwait(false);
    }

    /// <summary>Reads a recording again, whose vector was gone: replaced or removed by another writer, or lost.</summary>
    private async Task<(StoredEntry, float[])?> ReadAgainAsync(StoredEntry entry, CancellationToken cancellationToken)
    {
        while (true)
        {
            RecordingKey key = entry.Element.Recording;
            StoredEntry? now = await FindAsync(key, cancellationToken).ConfigureAwait(false);
            if (now is null)
                return null;
            RedisKey vectors = _keys.Vectors(key.Bucket);
            RedisValue value = await AskAsync(vectors, database => database.HashGetAsync(vectors, now.Element.ToBytes()), cancellationToken)
                .ConfigureAwait(false);
            if (!value.IsNull)
                return (now, Direction(now, value));
            if (now.Element == entry.Element)
                throw Damaged($"has no vector of '{now.ToEntry().Id}' in {vectors}");
            entry = now;
        }
    }

    private float[] Direction(StoredEntry entry, RedisValue value) => StoredVector.TryRead((byte[])value!, layout.Length)
        ?? throw Damaged($"has a damaged vector of '{entry.ToEntry().Id}' in {_keys.Vectors(entry.Element.Recording.Bucket)}");

    private StoredEntry Read(RecordingKey key, RedisValue value) => StoredEntry.TryRead(key, (byte[])value!)
        ?? throw Damaged($"has a damaged entry: field {key} of {_keys.Entries(key.Bucket)}");

    private RecordingKey KeyOf(RedisValue field, RedisKey entries) => (byte[]?)field is { Length: RecordingKey.Bytes } bytes
        ? RecordingKey.Read(bytes)
        : throw Damaged($"has a field that is none of ours in {entries}");

    private StemJepaException Damaged(string what) =>
        new($"Shard {number} of {server.Catalog} {what}: remove that recording and index it again, or restore the server from a copy.");

    private Task<T> AskAsync<T>(RedisKey key, Func<IDatabase, Task<T>> ask, CancellationToken cancellationToken) =>
        server.AskAsync(number, key, ask, cancellationToken);
}
