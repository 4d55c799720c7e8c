namespace StemJepa;

/// <summary>One candidate of a ranking.</summary>
/// <param name="Index">The candidate's place in the list that was ranked.</param>
/// <param name="Affinity">Cosine of its embedding and the prediction, both layer-normed: -1..1, higher fits better.</param>
public readonly record struct RankedStem(int Index, float Affinity);
