namespace StemJepa;

/// <summary>How a <see cref="VectorSetCatalog"/> is searched. Immutable.</summary>
public sealed record VectorSetSearch
{
    /// <summary>
    /// Whether every recording is compared exactly, in this process: the answers of <see cref="StemCatalog"/>, at the price of reading
    /// every vector that passes the filter over the network. Otherwise the servers' vector sets are asked, which may miss some of the best.
    /// </summary>
    public bool IsExact { get; init; }

    /// <summary>Candidates that a vector set considers (<c>EF</c>), 1..1,000,000: more raise recall and take longer.</summary>
    public int Effort { get; init; } = 512;

    /// <summary>
    /// Whether shards whose server does not answer are left out, and named by <see cref="VectorSetAnswer.Missing"/>; otherwise they make
    /// the search fail with <see cref="CatalogUnavailableException"/>.
    /// </summary>
    public bool AllowPartial { get; init; }
}
