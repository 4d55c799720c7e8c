namespace StemJepa.Extensions;

/// <summary>How a <see cref="StemVectorStore"/> keeps its collections. Immutable.</summary>
public sealed record StemVectorStoreOptions
{
    /// <summary>How values are kept; null: as a collection does already, and a new one in <see cref="CatalogPrecision.Single"/>.</summary>
    public CatalogPrecision? Precision { get; init; }

    /// <summary>
    /// How long a change waits for another writer of the same collection, in this process or another. That wait is not cancelled.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
