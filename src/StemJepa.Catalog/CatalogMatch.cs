namespace StemJepa;

/// <summary>One recording that a search found.</summary>
/// <param name="Entry">The recording's metadata.</param>
/// <param name="Affinity">Cosine of its embedding and the prediction, both layer-normed: -1..1, higher fits better.</param>
public sealed record CatalogMatch(CatalogEntry Entry, float Affinity);
