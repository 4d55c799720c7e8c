namespace StemJepa.Training.Evaluation;

/// <summary>The figures of one embedder over one set of songs.</summary>
internal sealed record RetrievalResult(RetrievalMetrics All, IReadOnlyDictionary<Stem, RetrievalMetrics> PerStem);
