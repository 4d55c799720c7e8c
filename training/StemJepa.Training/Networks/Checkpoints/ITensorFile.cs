using System.Collections.Immutable;

namespace StemJepa.Training.Networks;

/// <summary>A file of named tensors: shapes are known once it is open, values are read on request.</summary>
internal interface ITensorFile : IDisposable
{
    /// <summary>The path as it was given.</summary>
    string FilePath { get; }

    /// <summary>Dimensions of every tensor by its name, outermost first.</summary>
    IReadOnlyDictionary<string, ImmutableArray<long>> Shapes { get; }

    /// <summary>Reads a floating-point tensor of any precision, row-major.</summary>
    /// <exception cref="StemJepaException">The tensor is missing, of another type, too large, or damaged.</exception>
    float[] ReadFloats(string name);
}
