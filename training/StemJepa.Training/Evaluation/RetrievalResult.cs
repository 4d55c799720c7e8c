namespace StemJepa.Training.Evaluation;

/// <summary>The figures of one embedder over one set of songs.</summary>
/// <param name="All">Over all queries, against every stem of every song.</param>
/// <param name="PerStem">The same, by the stem that was asked for.</param>
/// <param name="SameStem">Over all queries, each against the stems of its own kind only.</param>
internal sealed record RetrievalResult(RetrievalMetrics All, IReadOnlyDictionary<Stem, RetrievalMetrics> PerStem, RetrievalMetrics SameStem);
