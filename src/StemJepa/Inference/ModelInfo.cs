namespace StemJepa;

/// <summary>What a model folder's <c>model.json</c> says. Immutable and thread-safe.</summary>
public sealed record ModelInfo;
