namespace StemJepa;

/// <summary>One row of a source.</summary>
internal readonly record struct RowReference(IRowSource Source, int Row);
