using System.Diagnostics.CodeAnalysis;

namespace StemJepa.Tool.Catalogs;

/// <summary>A catalogue wherever it is kept. Not thread-safe.</summary>
internal interface ICatalog : IDisposable
{
    /// <summary>Where it is, as messages and reports name it.</summary>
    string Place { get; }

    string ModelName { get; }

    int EmbeddingLength { get; }

    /// <summary>How values are kept: <c>single</c> or <c>int8</c>.</summary>
    string Precision { get; }

    bool TryGet(string id, [NotNullWhen(true)] out CatalogEntry? entry);

    bool TryGetEmbedding(string id, [NotNullWhen(true)] out StemEmbedding? embedding);

    /// <summary>
    /// Adds or replaces recordings, and removes others; what is kept then outlasts the process. Returns how many the catalogue holds.
    /// </summary>
    int Write(IReadOnlyList<(CatalogEntry Entry, StemEmbedding Embedding)> recordings, IReadOnlyList<string> removed);

    /// <summary>The ids of all recordings, silent ones too, that begin with a text.</summary>
    IReadOnlyList<string> IdsFrom(string start);

    /// <summary>The best, best first, and sentences about what could not be asked.</summary>
    (IReadOnlyList<CatalogMatch> Matches, IReadOnlyList<string> Warnings) Search(StemEmbedding prediction, int top, CatalogFilter filter);

    /// <summary>
    /// The affinities of recordings of a stem that are drawn at random, to tell what an affinity means; null where there are too few.
    /// </summary>
    AffinityScale? RandomAffinities(StemEmbedding prediction, Stem stem)
    {
        IReadOnlyList<CatalogMatch> drawn = Sample(prediction, AffinityScale.MostDrawn, new CatalogFilter { Stem = stem });
        return AffinityScale.TryCreate([.. drawn.Select(match => match.Affinity)]);
    }

    /// <summary>Draws recordings at random.</summary>
    IReadOnlyList<CatalogMatch> Sample(StemEmbedding prediction, int count, CatalogFilter filter);

    CatalogStatistics CountAll();
}
