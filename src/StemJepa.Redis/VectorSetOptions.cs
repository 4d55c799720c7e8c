namespace StemJepa;

/// <summary>How a new <see cref="VectorSetCatalog"/> is laid out; fixed once it is made. Immutable.</summary>
public sealed record VectorSetOptions
{
    /// <summary>The most shards that a catalogue may have.</summary>
    internal const int MaximumShards = 1024;

    private const int FewestLinks = 4, MostLinks = 1024, MostEffort = 1_000_000;

    /// <summary>
    /// Shards that the recordings are spread over by their ids, 1..1024. A shard lies on one server, so that this is also the most servers
    /// that the catalogue can use; a search asks every shard.
    /// </summary>
    public int Shards { get; init; } = 8;

    /// <summary>
    /// Links of each recording to its neighbours in a vector set (<c>M</c>), 4..1024: more raise recall and take more memory.
    /// </summary>
    public int Links { get; init; } = 32;

    /// <summary>Candidates that a vector set considers when a recording is added (<c>EF</c>), 1..1,000,000.</summary>
    public int BuildEffort { get; init; } = 200;

    internal bool IsValid =>
        Shards is >= 1 and <= MaximumShards && Links is >= FewestLinks and <= MostLinks && BuildEffort is >= 1 and <= MostEffort;

    /// <exception cref="ArgumentOutOfRangeException">A member is out of its range.</exception>
    internal void Check()
    {
        Require(Shards is >= 1 and <= MaximumShards, nameof(Shards), Shards, 1, MaximumShards);
        Require(Links is >= FewestLinks and <= MostLinks, nameof(Links), Links, FewestLinks, MostLinks);
        Require(BuildEffort is >= 1 and <= MostEffort, nameof(BuildEffort), BuildEffort, 1, MostEffort);
    }

    private static void Require(bool holds, string name, int value, int least, int most)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {least} to {most}.");
    }
}
