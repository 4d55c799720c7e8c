using StemJepa.Export.Onnx;
using StemJepa.Export.Weights;

namespace StemJepa.Export.Graphs;

/// <summary>Blocks of standard ONNX operators only.</summary>
internal sealed class StandardOperators(IProjections projections) : IBlockOperators
{
    /// <inheritdoc/>
    public string Attention(GraphBuilder graph, string scope, string x, AttentionWeights weights, RotationNames? rotation)
    {
        string split = graph.Constant($"{scope}/heads", 0, 0, weights.Heads, weights.HeadWidth);
        string merge = graph.Constant($"{scope}/width", 0, 0, weights.Width);
        string query = Project(graph, $"{scope}/query", x, split, weights, part: 0, scale: weights.Scale, 0, 2, 1, 3);
        string key = Project(graph, $"{scope}/key", x, split, weights, part: 1, scale: 1f, rotation is null ? [0, 2, 3, 1] : [0, 2, 1, 3]);
        if (rotation is not null)
        {
            query = rotation.Rotate(graph, $"{scope}/query", query, rotation.ByHead);
            string rotated = rotation.Rotate(graph, $"{scope}/key", key, rotation.ByHead);
            key = graph.Node("Transpose", $"{scope}/key/rotated/transposed", [rotated], [GraphBuilder.Attribute("perm", 0, 1, 3, 2)]);
        }
        string value = Project(graph, $"{scope}/value", x, split, weights, part: 2, scale: 1f, 0, 2, 1, 3);
        string scores = graph.Node("MatMul", $"{scope}/scores", [query, key]);
        string probabilities = graph.Node("Softmax", $"{scope}/softmax", [scores], [GraphBuilder.Attribute("axis", -1)]);
        string mixed = graph.Node("MatMul", $"{scope}/mixed", [probabilities, value]);
        string patches = graph.Node("Transpose", $"{scope}/mixed/transposed", [mixed], [GraphBuilder.Attribute("perm", 0, 2, 1, 3)]);
        return graph.Node("Reshape", $"{scope}/merged", [patches, merge]);
    }

    /// <inheritdoc/>
    public string BiasGelu(GraphBuilder graph, string scope, string x, string bias)
    {
        string sum = graph.Node("Add", $"{scope}/bias_added", [x, bias]);
        string rootOfTwo = graph.Constant($"{scope}/root_of_two", [MathF.Sqrt(2)]);
        string one = graph.Constant($"{scope}/one", [1f]);
        string half = graph.Constant($"{scope}/half", [0.5f]);
        string scaled = graph.Node("Div", $"{scope}/scaled", [sum, rootOfTwo]);
        string erf = graph.Node("Erf", $"{scope}/erf", [scaled]);
        string shifted = graph.Node("Add", $"{scope}/shifted", [erf, one]);
        string product = graph.Node("Mul", $"{scope}/product", [sum, shifted]);
        return graph.Node("Mul", $"{scope}/gelu", [product, half]);
    }

    /// <inheritdoc/>
    public (string Normalised, string Sum) AddAndNormalise(GraphBuilder graph, string scope, string branch, string bias, string residual, NormNames norm)
    {
        string biased = graph.Node("Add", $"{scope}/bias_added", [branch, bias]);
        string sum = graph.Node("Add", $"{scope}/sum", [residual, biased]);
        return (norm.Normalise(graph, $"{scope}/normalised", sum), sum);
    }

    /// <summary>One of the three projections, scaled, as [batch, heads, ...] in the order <paramref name="permutation"/>.</summary>
    private string Project(GraphBuilder graph, string scope, string x, string split, AttentionWeights weights, int part, float scale, params long[] permutation)
    {
        int width = weights.Width;
        float[] matrix = TensorReader.Transpose<float>(weights.Weight.AsSpan(part * width * width, width * width), width, width);
        float[] offset = weights.Bias[(part * width)..((part + 1) * width)];
        if (scale != 1f)
        {
            matrix = Array.ConvertAll(matrix, value => value * scale);
            offset = Array.ConvertAll(offset, value => value * scale);
        }
        string projected = projections.Multiply(graph, scope, x, matrix, width, width);
        string biased = graph.Node("Add", $"{scope}/bias_added", [projected, graph.Constant($"{scope}/bias", offset, width)]);
        string heads = graph.Node("Reshape", $"{scope}/heads", [biased, split]);
        return graph.Node("Transpose", $"{scope}/transposed", [heads], [GraphBuilder.Attribute("perm", permutation)]);
    }
}
