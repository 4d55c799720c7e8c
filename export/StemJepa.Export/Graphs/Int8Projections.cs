using StemJepa.Export.Onnx;

namespace StemJepa.Export.Graphs;

/// <summary>
/// Products of 8-bit integers: weights are rounded once, symmetric and with a scale for each output; activations are rounded whenever the
/// graph runs, to their range in that run. Standard operators, in the form that ONNX Runtime fuses into its <c>DynamicQuantizeMatMul</c>.
/// </summary>
internal sealed class Int8Projections : IProjections
{
    private const int Largest = 127;

    /// <inheritdoc/>
    public string Multiply(GraphBuilder graph, string layer, string x, float[] matrix, int inputs, int outputs)
    {
        (sbyte[] rounded, float[] scales) = Round(matrix, outputs);
        string weight = graph.Constant($"{layer}.weight", rounded, inputs, outputs);
        string weightScale = graph.Constant($"{layer}.weight_scale", scales, outputs);
        string[] quantised = graph.Nodes("DynamicQuantizeLinear", $"{layer}/quantised", [x], [$"{layer}/quantised", $"{layer}/scale", $"{layer}/zero_point"]);
        string product = graph.Node("MatMulInteger", $"{layer}/matmul", [quantised[0], weight, quantised[2]]);
        string real = graph.Node("Cast", $"{layer}/real", [product], [GraphBuilder.Attribute("to", (long)TensorProto.Types.DataType.Float)]);
        string scale = graph.Node("Mul", $"{layer}/product_scale", [quantised[1], weightScale]);
        return graph.Node("Mul", $"{layer}/scaled", [real, scale]);
    }

    /// <summary>Rounds each column of a matrix with as many columns as <paramref name="outputs"/> to -127..127 times its scale; a column too small for a normal scale becomes zero.</summary>
    public static (sbyte[] Rounded, float[] Scales) Round(float[] matrix, int outputs)
    {
        var scales = new float[outputs];
        for (int i = 0; i < matrix.Length; i++)
            scales[i % outputs] = Math.Max(scales[i % outputs], Math.Abs(matrix[i]) / Largest);
        var rounded = new sbyte[matrix.Length];
        for (int output = 0; output < outputs; output++)
        {
            if (float.IsSubnormal(scales[output]))
                scales[output] = 0;
        }
        for (int i = 0; i < matrix.Length; i++)
        {
            if (scales[i % outputs] is > 0 and var scale)
                rounded[i] = (sbyte)Math.Clamp(MathF.Round(matrix[i] / scale), -Largest, Largest);
        }
        return (rounded, scales);
    }
}
