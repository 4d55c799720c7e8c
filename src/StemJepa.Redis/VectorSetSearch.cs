namespace StemJepa;

/// <summary>How a <see cref="VectorSetCatalog"/> is searched. Immutable.</summary>
public sealed record VectorSetSearch
{
    /// <summary>
    /// Whether every recording is compared, here, as <see cref="StemCatalog"/> does it: the same answers, at the price of reading every vector that
    /// passes the filter over the network. Otherwise the servers' vector sets are asked, which may miss some of the best.
    /// </summary>
    public bool IsExact { get; init; }

    /// <summary>Candidates that a vector set weighs (<c>EF</c>), 1..1,000,000: more miss fewer and take longer.</summary>
    public int Effort { get; init; } = 512;

    /// <summary>
    /// Whether shares whose server does not answer are left out, and named by <see cref="VectorSetAnswer.Missing"/>; otherwise they make the search
    /// fail with <see cref="CatalogUnavailableException"/>.
    /// </summary>
    public bool AllowPartial { get; init; }
}
