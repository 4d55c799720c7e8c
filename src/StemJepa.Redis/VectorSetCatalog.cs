using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace StemJepa;

/// <summary>
/// A catalogue of embedded recordings on servers with vector sets: Redis 8 or newer, or Microsoft Garnet with
/// <c>--enable-vector-set-preview</c>; one server, or a cluster that the recordings are spread over. Any number of programs may read and
/// write it at the same time. A recording is kept, and found, as soon as the call that added it has ended, and lasts as long as the
/// servers' settings promise. Thread-safe.
/// </summary>
/// <remarks>The counterpart on one machine is <see cref="StemCatalog"/>.</remarks>
public sealed class VectorSetCatalog : IAsyncDisposable
{
    /// <summary>Recordings that a batch writes at the same time.</summary>
    private const int ParallelWrites = 32;
    private const int MostEffort = 1_000_000;

    private readonly IConnectionMultiplexer? _ownConnection;
    private readonly CatalogServer _server;
    private readonly CatalogLayout _layout;
    private readonly CatalogShard[] _shards;
    private readonly string _name;

    internal VectorSetCatalog(CatalogServer server, string name, CatalogLayout layout, IConnectionMultiplexer? ownConnection)
    {
        (_server, _name, _layout, _ownConnection) = (server, name, layout, ownConnection);
        _shards = [.. Enumerable.Range(0, layout.Shards).Select(number => new CatalogShard(server, name, number, layout))];
    }

    /// <summary>The catalogue's address, without user and password.</summary>
    public string Address => _server.Catalog;

    /// <summary>The name of the model whose embeddings it holds.</summary>
    public string ModelName => _layout.Model;

    /// <summary>Values in an embedding.</summary>
    public int EmbeddingLength => _layout.Length;

    /// <summary>Shards that its recordings are spread over.</summary>
    public int Shards => _layout.Shards;

    /// <summary>Opens a catalogue.</summary>
    /// <param name="address">
    /// <c>redis://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]...]/NAME</c>, or <c>rediss://</c> for TLS; of a cluster, any of its servers.
    /// </param>
    /// <param name="model">The model whose embeddings will be compared with the catalogue's; null where none will be.</param>
    /// <param name="cancellationToken">Ends waiting early.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not one.</exception>
    /// <exception cref="CatalogUnavailableException">No server can be reached.</exception>
    /// <exception cref="StemJepaException">There is no such catalogue, or it holds another model's embeddings.</exception>
    public static Task<VectorSetCatalog> OpenAsync(string address, ModelInfo? model = null,
        CancellationToken cancellationToken = default) =>
        CatalogConnection.ConnectAsync(VectorSetAddress.Parse(address), model, null, cancellationToken);

    /// <summary>Opens a catalogue over a connection that the caller owns. For Garnet, it must use the protocol <c>resp2</c>.</summary>
    /// <param name="connection">The connection to a server or a cluster.</param>
    /// <param name="name">The catalogue's name: 1 to 64 letters, digits, dots, hyphens and underscores.</param>
    /// <param name="model">The model whose embeddings will be compared with the catalogue's; null where none will be.</param>
    /// <param name="cancellationToken">Ends waiting early.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not one.</exception>
    /// <exception cref="StemJepaException">As for the other overload.</exception>
    public static Task<VectorSetCatalog> OpenAsync(
        IConnectionMultiplexer connection, string name, ModelInfo? model = null, CancellationToken cancellationToken = default) =>
        CatalogConnection.OpenAsync(connection, false, name, null, model, null, cancellationToken);

    /// <summary>Opens a catalogue for writing too; makes it if there is none.</summary>
    /// <param name="address">As for <see cref="OpenAsync(string, ModelInfo?, CancellationToken)"/>.</param>
    /// <param name="model">The model whose embeddings it holds.</param>
    /// <param name="options">How a new one is laid out; one that is there keeps its layout.</param>
    /// <param name="cancellationToken">Ends waiting early.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not one, or an option is out of its range.</exception>
    /// <exception cref="CatalogUnavailableException">No server can be reached.</exception>
    /// <exception cref="StemJepaException">The catalogue holds another model's embeddings.</exception>
    public static Task<VectorSetCatalog> OpenOrCreateAsync(
        string address, ModelInfo model, VectorSetOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        VectorSetAddress parsed = VectorSetAddress.Parse(address);
        options ??= new VectorSetOptions();
        return CatalogConnection.ConnectAsync(
            parsed, model, parsed.Shards is { } shards ? options with { Shards = shards } : options, cancellationToken);
    }

    /// <summary>Opens a catalogue for writing too, over a connection that the caller owns; makes it if there is none.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not one, or an option is out of its range.</exception>
    /// <exception cref="StemJepaException">As for the other overload.</exception>
    public static Task<VectorSetCatalog> OpenOrCreateAsync(
        IConnectionMultiplexer connection, string name, ModelInfo model, VectorSetOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return CatalogConnection.OpenAsync(connection, false, name, null, model, options ?? new VectorSetOptions(), cancellationToken);
    }

    /// <summary>Adds a recording, or replaces the one of the same id; when the task has ended, the server has acknowledged it.</summary>
    /// <exception cref="ArgumentException">A member of the entry is out of its range.</exception>
    /// <exception cref="CatalogUnavailableException">The server that holds its shard cannot be reached.</exception>
    /// <exception cref="StemJepaException">The embedding has another length than the model's, or the server refuses.</exception>
    public Task SetAsync(CatalogEntry entry, StemEmbedding embedding, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(embedding);
        _layout.Identity.Require(embedding, $"The embedding of '{entry.Id}'", $"{Address}");
        StoredEntry stored = StoredEntry.New(entry, embedding.Direction);
        return ShardOf(stored.Element.Recording).SetAsync(stored, embedding.Direction, cancellationToken);
    }

    /// <summary>
    /// Adds or replaces many recordings, several at a time; of those with the same id, the last. If it fails, some of them have been kept:
    /// setting them again does no harm.
    /// </summary>
    /// <exception cref="ArgumentException">A member of an entry is out of its range.</exception>
    /// <exception cref="StemJepaException">As for one.</exception>
    public async Task SetAsync(IEnumerable<(CatalogEntry Entry, StemEmbedding Embedding)> recordings,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        var last = new Dictionary<string, (CatalogEntry Entry, StemEmbedding Embedding)>(StringComparer.Ordinal);
        foreach ((CatalogEntry Entry, StemEmbedding Embedding) recording in recordings)
            last[recording.Entry.Id] = recording;
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelWrites, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(last.Values, options, async (recording, token) =>
            await SetAsync(recording.Entry, recording.Embedding, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Removes a recording.</summary>
    /// <returns>Whether there was one of this id.</returns>
    /// <exception cref="CatalogUnavailableException">The server that holds its shard cannot be reached.</exception>
    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        RecordingKey key = KeyOf(id);
        return ShardOf(key).RemoveAsync(key, cancellationToken);
    }

    /// <summary>Reads the metadata of one recording; null if there is none of this id.</summary>
    /// <exception cref="CatalogUnavailableException">The server that holds its shard cannot be reached.</exception>
    /// <exception cref="StemJepaException">What is kept of it is damaged.</exception>
    public async Task<CatalogEntry?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        RecordingKey key = KeyOf(id);
        return (await ShardOf(key).FindAsync(key, cancellationToken).ConfigureAwait(false))?.ToEntry();
    }

    /// <summary>
    /// Reads the embedding of one recording, layer-normed and of length 1, so that its similarities, and not its values, are those of the
    /// embedding that was added; null if there is none of this id.
    /// </summary>
    /// <exception cref="CatalogUnavailableException">The server that holds its shard cannot be reached.</exception>
    /// <exception cref="StemJepaException">What is kept of it is damaged.</exception>
    public async Task<StemEmbedding?> GetEmbeddingAsync(string id, CancellationToken cancellationToken = default)
    {
        RecordingKey key = KeyOf(id);
        CatalogShard shard = ShardOf(key);
        if (await shard.FindAsync(key, cancellationToken).ConfigureAwait(false) is not { } entry)
            return null;
        foreach ((StoredEntry now, float[] direction) in await shard.ReadVectorsAsync([entry], cancellationToken).ConfigureAwait(false))
        {
            CatalogEntry known = now.ToEntry();
            return new StemEmbedding(
                direction, known.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, known.IsSilent, _layout.ModelHash);
        }
        return null;
    }

    /// <summary>
    /// Finds the recordings that fit best. Affinities are exact. The vector sets of the servers are approximate and may miss some of the
    /// best, unless <see cref="VectorSetSearch.IsExact"/> is set, or the filter includes silent recordings.
    /// </summary>
    /// <param name="prediction">
    /// What the mix lacks, from <see cref="IStemAffinity.Predict"/>; or any embedding, to find similar ones.
    /// </param>
    /// <param name="top">How many to return at most, at least 1.</param>
    /// <param name="filter">Which recordings count; null: all that are not silent.</param>
    /// <param name="search">How to search.</param>
    /// <param name="cancellationToken">Ends a long search early.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> or an option is out of its range.</exception>
    /// <exception cref="CatalogUnavailableException">
    /// A shard cannot be reached, and <see cref="VectorSetSearch.AllowPartial"/> is not set; or none can.
    /// </exception>
    /// <exception cref="StemJepaException">
    /// The prediction has another length than the catalogue's embeddings, or what is kept is damaged.
    /// </exception>
    public async Task<VectorSetAnswer> SearchAsync(
        StemEmbedding prediction, int top = 10, CatalogFilter? filter = null, VectorSetSearch? search = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        search ??= new VectorSetSearch();
        if (search.Effort is < 1 or > MostEffort)
            throw new ArgumentOutOfRangeException(nameof(search), search.Effort, $"{nameof(search.Effort)} is 1 to {MostEffort}.");
        _layout.Identity.Require(prediction, "The prediction", $"{Address}");
        var asked = new ShardSearch(_shards, prediction.Direction, filter, top, search);
        IReadOnlyList<CatalogMatch> found = await asked.RunAsync(cancellationToken).ConfigureAwait(false);
        if (asked.Failed.Count == 0)
            return new VectorSetAnswer(found, []);
        MissingShard[] missing = [.. asked.Failed.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.Shards)];
        if (!search.AllowPartial || missing.Length == _shards.Length)
            throw _server.Unavailable(missing, asked.Failed.Values.First());
        return new VectorSetAnswer(found, missing);
    }

    /// <summary>Draws recordings at random with their affinities, as <see cref="StemCatalog.Sample"/>.</summary>
    /// <inheritdoc cref="StemCatalog.Sample"/>
    public Task<IReadOnlyList<CatalogMatch>> SampleAsync(
        StemEmbedding prediction, int count, CatalogFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        _layout.Identity.Require(prediction, "The prediction", $"{Address}");
        return ShardSample.DrawAsync(_shards, prediction.Direction, new RowFilter(filter), count, cancellationToken);
    }

    /// <summary>Counts the recordings.</summary>
    /// <exception cref="CatalogUnavailableException">A shard cannot be reached.</exception>
    public async Task<long> CountAsync(CancellationToken cancellationToken = default) =>
        (await Task.WhenAll(_shards.Select(shard => shard.CountAsync(cancellationToken))).ConfigureAwait(false)).Sum();

    /// <summary>
    /// All recordings that pass a filter (null: all), in no particular order; what other programs write meanwhile may be among them or not.
    /// </summary>
    /// <exception cref="CatalogUnavailableException">A shard cannot be reached.</exception>
    /// <exception cref="StemJepaException">What is kept is damaged.</exception>
    public async IAsyncEnumerable<CatalogEntry> EntriesAsync(CatalogFilter? filter = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var rows = new RowFilter(filter ?? new CatalogFilter { IncludeSilent = true });
        await foreach (StoredEntry entry in StoredEntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Passes(rows))
                yield return entry.ToEntry();
        }
    }

    /// <summary>Counts what the catalogue holds; reads every entry, but no vector.</summary>
    /// <exception cref="CatalogUnavailableException">A shard cannot be reached.</exception>
    /// <exception cref="StemJepaException">What is kept is damaged.</exception>
    public async Task<CatalogStatistics> CountAllAsync(CancellationToken cancellationToken = default)
    {
        var stems = new SortedDictionary<Stem, int>(Stem.Roles.ToDictionary(stem => stem, _ => 0));
        int recordings = 0, tempo = 0, key = 0, silent = 0;
        long bytes = 0, vectors = 0;
        double seconds = 0;
        await foreach (StoredEntry entry in StoredEntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            ref readonly EntryRecord record = ref entry.Record;
            if (entry.Stem is { } stem)
                stems[stem] = stems.GetValueOrDefault(stem) + 1;
            recordings++;
            seconds += double.IsNaN(record.Seconds) ? 0 : record.Seconds;
            tempo += double.IsNaN(record.Tempo) ? 0 : 1;
            key += record.Key >= 0 ? 1 : 0;
            silent += record.Flags.HasFlag(EntryFlags.Silent) ? 1 : 0;
            bytes += entry.Bytes;
        }
        foreach (CatalogShard shard in _shards)
            vectors += await shard.CountVectorsAsync(cancellationToken).ConfigureAwait(false);
        return new CatalogStatistics
        {
            Recordings = recordings,
            Stems = stems,
            Seconds = seconds,
            KnownTempo = tempo,
            KnownKey = key,
            Silent = silent,
            Bytes = bytes + vectors * (_layout.Length * sizeof(float) + sizeof(uint)),
            Segments = _shards.Length,
            Dead = (int)Math.Max(0, vectors - recordings),
        };
    }

    /// <summary>Removes the catalogue from the servers, with all that it holds. Nobody may write to it meanwhile.</summary>
    /// <exception cref="CatalogUnavailableException">A shard cannot be reached; some may have been removed.</exception>
    public async Task DeleteAsync(CancellationToken cancellationToken = default)
    {
        await Task.WhenAll(_shards.Select(shard => shard.DeleteAsync(cancellationToken))).ConfigureAwait(false);
        RedisKey manifest = CatalogKeys.Manifest(_name);
        await _server.AskAsync(CatalogServer.ManifestShard, manifest, database => database.KeyDeleteAsync(manifest), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Closes the connection, if the catalogue was opened by its address.</summary>
    public ValueTask DisposeAsync() => _ownConnection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async IAsyncEnumerable<StoredEntry> StoredEntriesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (CatalogShard shard in _shards)
        {
            for (int bucket = 0; bucket < CatalogKeys.Buckets; bucket++)
            {
                foreach (StoredEntry entry in await shard.ReadBucketAsync(bucket, cancellationToken).ConfigureAwait(false))
                    yield return entry;
            }
        }
    }

    private static RecordingKey KeyOf(string id) => RecordingKey.Of(EntryCode.EncodeId(id));

    private CatalogShard ShardOf(RecordingKey key) => _shards[key.ShardOf(_shards.Length)];
}
