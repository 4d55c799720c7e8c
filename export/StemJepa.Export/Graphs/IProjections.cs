using StemJepa.Export.Onnx;

namespace StemJepa.Export.Graphs;

/// <summary>How a graph multiplies by the weights of its linear layers.</summary>
internal interface IProjections
{
    /// <summary>The product of <paramref name="x"/>, [..., inputs], with a layer's matrix; the bias is the caller's to add.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="layer">Name of the layer, the prefix of every name.</param>
    /// <param name="x">What is multiplied.</param>
    /// <param name="matrix">Row-major [inputs, outputs].</param>
    /// <param name="inputs">Rows of the matrix.</param>
    /// <param name="outputs">Columns of the matrix.</param>
    /// <returns>The product, [..., outputs].</returns>
    string Multiply(GraphBuilder graph, string layer, string x, float[] matrix, int inputs, int outputs);
}
