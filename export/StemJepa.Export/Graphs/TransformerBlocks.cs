using StemJepa.Export.Onnx;
using StemJepa.Export.Weights;

namespace StemJepa.Export.Graphs;

/// <summary>Adds the parts of transformer blocks to a graph. Values have the shape [batch, patches, width].</summary>
internal sealed class TransformerBlocks(GraphBuilder graph, IProjections projections)
{
    /// <summary>Adds multi-head self-attention without its output projection.</summary>
    /// <param name="scope">Name of this part of the block, the prefix of all names.</param>
    /// <param name="x">Name of the normalised input.</param>
    /// <param name="weights">The projections to queries, keys and values.</param>
    /// <param name="rotation">Rotates queries and keys by their place in time; null for absolute positions.</param>
    /// <returns>Name of the concatenated outputs of the heads.</returns>
    public string Attention(string scope, string x, AttentionWeights weights, RotationNames? rotation)
    {
        string split = graph.Constant($"{scope}/heads", 0, 0, weights.Heads, weights.HeadWidth);
        string merge = graph.Constant($"{scope}/width", 0, 0, weights.Width);
        string query = Project($"{scope}/query", x, split, weights, part: 0, scale: weights.Scale, 0, 2, 1, 3);
        string key = Project($"{scope}/key", x, split, weights, part: 1, scale: 1f, rotation is null ? [0, 2, 3, 1] : [0, 2, 1, 3]);
        if (rotation is not null)
        {
            query = rotation.Rotate(graph, $"{scope}/query", query);
            string rotated = rotation.Rotate(graph, $"{scope}/key", key);
            key = graph.Node("Transpose", $"{scope}/key/rotated/transposed", [rotated], [GraphBuilder.Attribute("perm", 0, 1, 3, 2)]);
        }
        string value = Project($"{scope}/value", x, split, weights, part: 2, scale: 1f, 0, 2, 1, 3);
        string scores = graph.Node("MatMul", $"{scope}/scores", [query, key]);
        string probabilities = graph.Node("Softmax", $"{scope}/softmax", [scores], [GraphBuilder.Attribute("axis", -1)]);
        string mixed = graph.Node("MatMul", $"{scope}/mixed", [probabilities, value]);
        string patches = graph.Node("Transpose", $"{scope}/mixed/transposed", [mixed], [GraphBuilder.Attribute("perm", 0, 2, 1, 3)]);
        return graph.Node("Reshape", $"{scope}/merged", [patches, merge]);
    }

    /// <summary>Adds the exact GELU of <paramref name="x"/> + <paramref name="bias"/>.</summary>
    public string BiasGelu(string scope, string x, string bias)
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

    /// <summary>Adds a branch and its bias to the residual stream, and layer-normalises the sum.</summary>
    /// <returns>Names of the normalised sum and of the sum, which is the new residual stream.</returns>
    public (string Normalised, string Sum) AddAndNormalise(string scope, string branch, string bias, string residual, LayerNormNames norm)
    {
        string biased = graph.Node("Add", $"{scope}/bias_added", [branch, bias]);
        string sum = graph.Node("Add", $"{scope}/sum", [residual, biased]);
        return (norm.Normalise(graph, $"{scope}/normalised", sum), sum);
    }

    /// <summary>Adds one of the three projections, scaled, as [batch, heads, ...] in the order <paramref name="permutation"/>.</summary>
    private string Project(string scope, string x, string split, AttentionWeights weights, int part, float scale, params long[] permutation)
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

/// <summary>The input projections of multi-head attention.</summary>
/// <param name="Weight">Row-major [3 x width, width]: the rows of the queries, then of the keys, then of the values.</param>
/// <param name="Bias">3 x width values in the same order.</param>
/// <param name="Width">Channels of a patch embedding.</param>
/// <param name="Heads">Attention heads; divides <paramref name="Width"/>.</param>
internal sealed record AttentionWeights(float[] Weight, float[] Bias, int Width, int Heads)
{
    /// <summary>Channels of one head.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>Factor of the products of queries and keys before the softmax.</summary>
    public float Scale => 1f / MathF.Sqrt(HeadWidth);
}

/// <summary>Names of a layer normalisation's constants in a graph.</summary>
internal readonly record struct LayerNormNames(string Weight, string Bias)
{
    /// <summary>Epsilon of every layer normalisation of Stem-JEPA.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>Normalises the last dimension with the standard operator.</summary>
    public string Normalise(GraphBuilder graph, string name, string x, string? output = null) =>
        graph.Node("LayerNormalization", name, [x, Weight, Bias],
            [GraphBuilder.Attribute("axis", -1), GraphBuilder.Attribute("epsilon", Epsilon)], output);
}
