using StemJepa.Export.Onnx;

namespace StemJepa.Export.Graphs;

/// <summary>Float32 products.</summary>
internal sealed class FloatProjections : IProjections
{
    /// <inheritdoc/>
    public string Multiply(GraphBuilder graph, string layer, string x, float[] matrix, int inputs, int outputs) =>
        graph.Node("MatMul", $"{layer}/matmul", [x, graph.Constant($"{layer}.weight", matrix, inputs, outputs)]);
}
