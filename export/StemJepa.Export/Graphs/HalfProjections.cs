using StemJepa.Export.Onnx;

namespace StemJepa.Export.Graphs;

/// <summary>
/// Products in 16-bit floats, as mixed precision does them in training: activations are rounded before and widened after each product; sums of
/// branches, normalisation and softmax stay in float32. For graphics processors: ONNX Runtime computes such products in float32 on a processor.
/// </summary>
internal sealed class HalfProjections : IProjections
{
    /// <inheritdoc/>
    public string Multiply(GraphBuilder graph, string layer, string x, float[] matrix, int inputs, int outputs)
    {
        string weight = graph.Constant($"{layer}.weight", Array.ConvertAll(matrix, Round), inputs, outputs);
        string rounded = Cast(graph, $"{layer}/rounded", x, TensorProto.Types.DataType.Float16);
        string product = graph.Node("MatMul", $"{layer}/matmul", [rounded, weight]);
        return Cast(graph, $"{layer}/widened", product, TensorProto.Types.DataType.Float);
    }

    /// <summary>The nearest 16-bit float; what is too large for one becomes the largest.</summary>
    public static Half Round(float value) => (Half)Math.Clamp(value, (float)Half.MinValue, (float)Half.MaxValue);

    private static string Cast(GraphBuilder graph, string name, string x, TensorProto.Types.DataType type) =>
        graph.Node("Cast", name, [x], [GraphBuilder.Attribute("to", (long)type)]);
}
