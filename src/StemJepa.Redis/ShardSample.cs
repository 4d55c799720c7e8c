namespace StemJepa;

/// <summary>Draws recordings at random: of buckets in random order, which recordings are spread over by hashes of their ids.</summary>
internal static class ShardSample
{
    private const int Seed = 1;

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="CatalogUnavailableException">A shard cannot be reached.</exception>
    /// <exception cref="StemJepaException">What is kept is damaged.</exception>
    public static async Task<IReadOnlyList<CatalogMatch>> DrawAsync(IReadOnlyList<CatalogShard> shards, float[] direction, RowFilter filter,
        int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (CatalogShard Shard, int Bucket)[] places =
            [.. shards.SelectMany(shard => Enumerable.Range(0, CatalogKeys.Buckets).Select(bucket => (shard, bucket)))];
        new Random(Seed).Shuffle(places);
        var drawn = new List<CatalogMatch>();
        foreach ((CatalogShard shard, int bucket) in places)
        {
            IReadOnlyList<StoredEntry> entries = await shard.ReadBucketAsync(bucket, cancellationToken).ConfigureAwait(false);
            IEnumerable<StoredEntry> wanted = entries.Where(entry => entry.Passes(filter)).Take(count - drawn.Count);
            drawn.AddRange((await shard.ReadVectorsAsync(wanted, cancellationToken).ConfigureAwait(false)).Select(read =>
                new CatalogMatch(read.Entry.ToEntry(), float.Clamp(DotProduct.Compute(direction, read.Direction), -1, 1))));
            if (drawn.Count >= count)
                break;
        }
        return drawn;
    }
}
