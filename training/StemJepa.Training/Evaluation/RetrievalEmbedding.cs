namespace StemJepa.Training.Evaluation;

/// <summary>What retrieval compares of a recording, or of the prediction for a mix.</summary>
/// <param name="Vector">One vector for all of it, compared by Euclidean distance.</param>
/// <param name="Sequence">The same over time, where the embedder has it, for <see cref="AlignedAffinity"/>.</param>
internal sealed record RetrievalEmbedding(float[] Vector, EmbeddingSequence? Sequence = null);
