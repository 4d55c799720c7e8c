namespace StemJepa;

/// <summary>What a search through a <see cref="VectorSetCatalog"/> found.</summary>
/// <param name="Matches">The best, best first; at equal affinity in the ordinal order of their ids. Affinities are exact.</param>
/// <param name="Missing">Shards that could not be asked; empty unless <see cref="VectorSetSearch.AllowPartial"/> is set.</param>
public sealed record VectorSetAnswer(IReadOnlyList<CatalogMatch> Matches, IReadOnlyList<MissingShard> Missing)
{
    /// <summary>Whether every shard was asked.</summary>
    public bool IsComplete => Missing.Count == 0;
}
