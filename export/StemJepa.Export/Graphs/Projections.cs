using StemJepa.Export.Onnx;

namespace StemJepa.Export.Graphs;

/// <summary>Products with the weights of linear layers, in one precision.</summary>
internal interface IProjections
{
    /// <summary>Multiplies <paramref name="x"/>, [..., inputs], by a layer's matrix; the caller adds the bias.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="layer">Name of the layer, the prefix of all names.</param>
    /// <param name="x">Name of the input value.</param>
    /// <param name="matrix">Row-major [inputs, outputs].</param>
    /// <param name="inputs">Rows of the matrix.</param>
    /// <param name="outputs">Columns of the matrix.</param>
    /// <returns>Name of the product, [..., outputs].</returns>
    string Multiply(GraphBuilder graph, string layer, string x, float[] matrix, int inputs, int outputs);
}

/// <summary>Float32 products.</summary>
internal sealed class FloatProjections : IProjections
{
    /// <inheritdoc/>
    public string Multiply(GraphBuilder graph, string layer, string x, float[] matrix, int inputs, int outputs) =>
        graph.Node("MatMul", $"{layer}/matmul", [x, graph.Constant($"{layer}.weight", matrix, inputs, outputs)]);
}

/// <summary>
/// Products in 16-bit floats, as in mixed-precision training: activations are cast to 16 bits before each product and back after it;
/// residual sums, normalisation and softmax stay in float32. Meant for GPUs: on a CPU, ONNX Runtime computes these products in float32.
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

    /// <summary>Rounds to the nearest 16-bit float; values outside its range saturate.</summary>
    public static Half Round(float value) => (Half)Math.Clamp(value, (float)Half.MinValue, (float)Half.MaxValue);

    private static string Cast(GraphBuilder graph, string name, string x, TensorProto.Types.DataType type) =>
        graph.Node("Cast", name, [x], [GraphBuilder.Attribute("to", (long)type)]);
}

/// <summary>
/// Products of 8-bit integers. Weights are quantised at export, symmetrically, with one scale per output; activations are quantised at run
/// time to the range of each run. Uses standard operators, in the form that ONNX Runtime fuses into its <c>DynamicQuantizeMatMul</c>.
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
        string[] quantised = graph.Nodes("DynamicQuantizeLinear", $"{layer}/quantised", [x],
            [$"{layer}/quantised", $"{layer}/scale", $"{layer}/zero_point"]);
        string product = graph.Node("MatMulInteger", $"{layer}/matmul", [quantised[0], weight, quantised[2]]);
        string real =
            graph.Node("Cast", $"{layer}/real", [product], [GraphBuilder.Attribute("to", (long)TensorProto.Types.DataType.Float)]);
        string scale = graph.Node("Mul", $"{layer}/product_scale", [quantised[1], weightScale]);
        return graph.Node("Mul", $"{layer}/scaled", [real, scale]);
    }

    /// <summary>
    /// Rounds each column of a row-major [inputs, outputs] matrix to -127..127 times its scale; a column whose scale would be subnormal
    /// becomes zero.
    /// </summary>
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
