namespace StemJepa;

/// <summary>An embedding of 5 x width values. Immutable and thread-safe.</summary>
public sealed class StemEmbedding;
