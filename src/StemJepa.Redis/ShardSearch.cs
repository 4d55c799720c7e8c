using System.Collections.Concurrent;

namespace StemJepa;

/// <summary>
/// One search through all shards. The vector sets name candidates; these are compared exactly, from the vectors that are kept beside the
/// sets. A set is asked for more for as long as what it has not named could be better than what was found, so that filters and the spread
/// over shards cost no answers: what is missed, the sets' graphs miss.
/// </summary>
internal sealed class ShardSearch
{
    /// <summary>
    /// A first question asks for a shard's part of the answer, so many times, and some more; a further one for so many times as many.
    /// </summary>
    private const int FirstFactor = 2, FirstReserve = 16, Growth = 4;

    /// <summary>Where more would be asked for, the whole shard is read instead.</summary>
    private const int MostNamed = 4096;

    /// <summary>Buckets that are read at the same time.</summary>
    private const int ParallelBuckets = 8;

    private readonly IReadOnlyList<CatalogShard> _shards;
    private readonly float[] _direction;
    private readonly RowFilter _filter;
    private readonly int _top, _effort;
    private readonly int[] _kinds;
    private readonly bool _isExact;
    private readonly ConcurrentDictionary<RecordingKey, (StoredEntry Entry, float Affinity)> _found = new();
    private readonly ConcurrentDictionary<int, CatalogUnavailableException> _failed = new();

    /// <param name="shards">All shards.</param>
    /// <param name="direction">What is sought: layer-normed, of length 1.</param>
    /// <param name="filter">Which recordings count; null: all that are not silent.</param>
    /// <param name="top">How many are wanted.</param>
    /// <param name="search">How to search.</param>
    internal ShardSearch(IReadOnlyList<CatalogShard> shards, float[] direction, CatalogFilter? filter, int top, VectorSetSearch search)
    {
        (_shards, _direction, _top, _effort) = (shards, direction, top, search.Effort);
        _filter = new RowFilter(filter);
        _isExact = search.IsExact || filter is { IncludeSilent: true };
        int[] all = [.. Enumerable.Range(0, CatalogKeys.Kinds)];
        _kinds = filter?.Stem is not { } stem ? all
            : filter.IncludeUnknownStem ? [CatalogKeys.KindOf(stem), CatalogKeys.UnknownKind] : [CatalogKeys.KindOf(stem)];
    }

    /// <summary>Shards that could not be asked.</summary>
    internal IReadOnlyDictionary<int, CatalogUnavailableException> Failed => _failed;

    /// <summary>The best recordings of the shards that answer, best first.</summary>
    internal async Task<IReadOnlyList<CatalogMatch>> RunAsync(CancellationToken cancellationToken)
    {
        if (_isExact)
            return (await ReadAsync(_shards, cancellationToken).ConfigureAwait(false)).ToSorted();
        int first = (int)Math.Min(MostNamed, (long)FirstFactor * _top / _shards.Count + FirstReserve);
        Source[] open = [.. _shards.SelectMany(shard => _kinds.Select(kind => new Source(shard, kind, first)))];
        while (true)
        {
            await Task.WhenAll(open.GroupBy(source => source.Shard).Select(
                sources => GuardAsync(sources.Key, () => AskAsync([.. sources], cancellationToken)))).ConfigureAwait(false);
            float threshold = Best().Threshold;
            open = [.. open.Where(source => !_failed.ContainsKey(source.Shard.Number) && !float.IsNegativeInfinity(source.Rest)
                && source.Rest >= threshold)];
            if (open.Length == 0)
                return Best().ToSorted();
            CatalogShard[] readWhole = [.. open.Where(source => source.Count >= MostNamed).Select(source => source.Shard).Distinct()];
            await ReadAsync(readWhole, cancellationToken).ConfigureAwait(false);
            open = [.. open.Where(source => !readWhole.Contains(source.Shard))
                .Select(source => source with { Count = Math.Min(MostNamed, source.Count * Growth) })];
        }
    }

    /// <summary>A vector set that is being asked.</summary>
    private sealed record Source(CatalogShard Shard, int Kind, int Count)
    {
        /// <summary>No recording that the set has not named has a higher affinity; negative infinity if it has named all.</summary>
        internal float Rest { get; set; } = float.PositiveInfinity;
    }

    private BestMatches Best()
    {
        var best = new BestMatches(_top);
        foreach ((StoredEntry entry, float affinity) in _found.Values)
            best.Add(entry, affinity);
        return best;
    }

    private async Task AskAsync(Source[] sources, CancellationToken cancellationToken)
    {
        CatalogShard shard = sources[0].Shard;
        IReadOnlyList<ElementName>[] named = await Task.WhenAll(sources.Select(
            source => shard.NearestAsync(source.Kind, _direction, source.Count, _effort, cancellationToken))).ConfigureAwait(false);
        HashSet<ElementName> elements = [.. named.SelectMany(names => names)];
        IReadOnlyList<StoredEntry> entries =
            await shard.FindAsync(elements.Select(element => element.Recording).Distinct(), cancellationToken).ConfigureAwait(false);
        StoredEntry[] living = [.. entries.Where(entry => elements.Contains(entry.Element))];
        Dictionary<ElementName, StoredEntry> entryOf = living.ToDictionary(entry => entry.Element);
        // The last one that is named bounds the affinities of those that are not, whether it passes the filter or not.
        StoredEntry?[] last =
            Array.ConvertAll(named, names => names.Reverse().Select(entryOf.GetValueOrDefault).FirstOrDefault(entry => entry is not null));
        IEnumerable<StoredEntry> wanted = living.Where(entry => entry.Passes(_filter)).Concat(last.OfType<StoredEntry>()).Distinct()
            .Where(entry => !_found.TryGetValue(entry.Element.Recording, out var known) || known.Entry.Element != entry.Element);
        IReadOnlyList<(StoredEntry, float[])> vectors = await shard.ReadVectorsAsync(wanted, cancellationToken).ConfigureAwait(false);
        Dictionary<ElementName, float> affinities = Compare(vectors);
        for (int i = 0; i < sources.Length; i++)
            sources[i].Rest = named[i].Count < sources[i].Count ? float.NegativeInfinity : AffinityOf(last[i], affinities);
    }

    /// <summary>Where nothing bounds what has not been named, everything is possible.</summary>
    private float AffinityOf(StoredEntry? entry, Dictionary<ElementName, float> affinities) =>
        entry is null ? float.PositiveInfinity
        : affinities.TryGetValue(entry.Element, out float affinity) ? affinity
        : _found.TryGetValue(entry.Element.Recording, out var known) && known.Entry.Element == entry.Element ? known.Affinity
        : float.PositiveInfinity;

    private Dictionary<ElementName, float> Compare(IReadOnlyList<(StoredEntry Entry, float[] Direction)> vectors)
    {
        var affinities = new Dictionary<ElementName, float>();
        foreach ((StoredEntry entry, float[] direction) in vectors)
        {
            float affinity = Affinity(direction);
            affinities[entry.Element] = affinity;
            if (entry.Passes(_filter))
                _found[entry.Element.Recording] = (entry, affinity);
        }
        return affinities;
    }

    private float Affinity(float[] direction) => float.Clamp(DotProduct.Compute(_direction, direction), -1, 1);

    /// <summary>Compares every recording of some shards; what is found is kept.</summary>
    private async Task<BestMatches> ReadAsync(IReadOnlyList<CatalogShard> shards, CancellationToken cancellationToken)
    {
        var best = new BestMatches(_top);
        IEnumerable<(CatalogShard Shard, int Bucket)> buckets =
            shards.SelectMany(shard => Enumerable.Range(0, CatalogKeys.Buckets).Select(bucket => (shard, bucket)));
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelBuckets, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(buckets, options, async (place, token) =>
        {
            if (!_failed.ContainsKey(place.Shard.Number))
                await GuardAsync(place.Shard, () => ReadAsync(place.Shard, place.Bucket, best, token)).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return best;
    }

    private async Task ReadAsync(CatalogShard shard, int bucket, BestMatches best, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredEntry> entries = await shard.ReadBucketAsync(bucket, cancellationToken).ConfigureAwait(false);
        foreach (StoredEntry[] batch in entries.Where(entry => entry.Passes(_filter)).Chunk(CatalogShard.VectorBatch))
        {
            foreach ((StoredEntry entry, float[] direction) in await shard.ReadVectorsAsync(batch, cancellationToken).ConfigureAwait(false))
            {
                float affinity = Affinity(direction);
                if (affinity < best.Threshold || !entry.Passes(_filter))
                    continue;
                best.Add(entry, affinity);
                if (!_isExact)
                    _found[entry.Element.Recording] = (entry, affinity);
            }
        }
    }

    private async Task GuardAsync(CatalogShard shard, Func<Task> ask)
    {
        try
        {
            await ask().ConfigureAwait(false);
        }
        catch (CatalogUnavailableException error)
        {
            _failed.TryAdd(shard.Number, error);
        }
    }
}
