using StemJepa.Export.Onnx;
using StemJepa.Export.Weights;

namespace StemJepa.Export.Graphs;

/// <summary>Blocks with the fused operators of ONNX Runtime's own domain.</summary>
internal sealed class OnnxRuntimeOperators(IProjections projections) : IBlockOperators
{
    /// <inheritdoc/>
    public string Attention(GraphBuilder graph, string scope, string x, AttentionWeights weights, RotationNames? rotation)
    {
        int width = weights.Width;
        string[] parts = ["query", "key", "value"];
        var projected = new string[3];
        for (int part = 0; part < 3; part++)
        {
            float[] matrix = TensorReader.Transpose<float>(weights.Weight.AsSpan(part * width * width, width * width), width, width);
            projected[part] = projections.Multiply(graph, $"{scope}/{parts[part]}", x, matrix, width, width);
        }
        float[] rest = [.. weights.Bias];
        for (int part = 0; rotation is not null && part < 2; part++)
        {
            // Its bias is rotated with the projection, so that nothing is left of it for the fused operator to add.
            string name = $"{scope}/{parts[part]}";
            string offset = graph.Constant($"{name}/bias", weights.Bias[(part * width)..((part + 1) * width)], width);
            string biased = graph.Node("Add", $"{name}/bias_added", [projected[part], offset]);
            string heads = graph.Node("Reshape", $"{name}/heads", [biased, graph.Constant($"{name}/heads/shape", 0, 0, weights.Heads, weights.HeadWidth)]);
            string rotated = rotation.Rotate(graph, name, heads, rotation.ByToken);
            projected[part] = graph.Node("Reshape", $"{name}/rotated/merged", [rotated, graph.Constant($"{name}/rotated/shape", 0, 0, width)]);
            rest.AsSpan(part * width, width).Clear();
        }
        string bias = graph.Constant($"{scope}/bias", rest, 3 * width);
        return graph.Node("MultiHeadAttention", $"{scope}/merged", [.. projected, bias],
            [GraphBuilder.Attribute("num_heads", weights.Heads), GraphBuilder.Attribute("scale", weights.Scale)],
            domain: GraphBuilder.MicrosoftDomain);
    }

    /// <inheritdoc/>
    public string BiasGelu(GraphBuilder graph, string scope, string x, string bias) =>
        graph.Node("BiasGelu", $"{scope}/gelu", [x, bias], domain: GraphBuilder.MicrosoftDomain);

    /// <inheritdoc/>
    public (string Normalised, string Sum) AddAndNormalise(GraphBuilder graph, string scope, string branch, string bias, string residual, NormNames norm)
    {
        string[] outputs = graph.Nodes("SkipLayerNormalization", $"{scope}/normalised", [branch, residual, norm.Weight, norm.Bias, bias],
            [$"{scope}/normalised", "", "", $"{scope}/sum"], [GraphBuilder.Attribute("epsilon", NormNames.Epsilon)], GraphBuilder.MicrosoftDomain);
        return (outputs[0], outputs[3]);
    }
}
