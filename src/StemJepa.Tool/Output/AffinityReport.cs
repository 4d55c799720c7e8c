namespace StemJepa.Tool.Output;

/// <summary>What <c>stemjepa affinity --json</c> prints.</summary>
/// <param name="Affinity">Cosine, -1..1.</param>
/// <param name="Stem">The missing stem's name.</param>
/// <param name="Mix">The mix, as given.</param>
/// <param name="Candidate">The candidate, as given.</param>
internal sealed record AffinityReport(float Affinity, string Stem, string Mix, string Candidate);
