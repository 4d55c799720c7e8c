namespace StemJepa;

/// <summary>An input or output that a network must have.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its sizes; -1 is a size that is free.</param>
internal readonly record struct OnnxTensor(string Name, Type Type, int[] Shape);
