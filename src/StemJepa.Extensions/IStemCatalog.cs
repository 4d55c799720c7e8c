namespace StemJepa.Extensions;

/// <summary>
/// A catalogue of recordings to search, wherever it is kept: in a folder of this machine, or in a vector database
/// (<see cref="VectorStoreCatalog"/>). Implementations are thread-safe.
/// </summary>
public interface IStemCatalog
{
    /// <summary>Finds the recordings that fit best.</summary>
    /// <param name="prediction">
    /// What the mix lacks, from <see cref="IStemAffinity.Predict"/>; or any embedding, to find similar ones.
    /// </param>
    /// <param name="top">How many to return at most, at least 1.</param>
    /// <param name="filter">Which recordings count; null: all that are not silent.</param>
    /// <param name="cancellationToken">Ends a long search early.</param>
    /// <returns>The best, best first.</returns>
    /// <exception cref="StemJepaException">The prediction is of another model, or the catalogue is gone or damaged.</exception>
    Task<IReadOnlyList<CatalogMatch>> SearchAsync(
        StemEmbedding prediction, int top = 10, CatalogFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>What the catalogue knows of one recording; null if there is none of this id.</summary>
    /// <exception cref="StemJepaException">The catalogue is gone or damaged.</exception>
    Task<CatalogEntry?> FindAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Draws recordings at random with their affinities, which tell what an affinity means (<see cref="AffinityScale"/>); none from
    /// catalogues that cannot.
    /// </summary>
    /// <param name="prediction">As for <see cref="SearchAsync"/>.</param>
    /// <param name="count">How many to draw at most, at least 1.</param>
    /// <param name="filter">Which recordings count; null: all that are not silent.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="StemJepaException">As for <see cref="SearchAsync"/>.</exception>
    Task<IReadOnlyList<CatalogMatch>> SampleAsync(
        StemEmbedding prediction, int count, CatalogFilter? filter = null, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<CatalogMatch>>([]);

    /// <summary>Counts what the catalogue holds; null from catalogues that cannot.</summary>
    /// <exception cref="StemJepaException">The catalogue is gone or damaged.</exception>
    Task<CatalogStatistics?> CountAllAsync(CancellationToken cancellationToken = default) => Task.FromResult<CatalogStatistics?>(null);
}
