using StemJepa.Export.Onnx;

namespace StemJepa.Export.Graphs;

/// <summary>
/// The parts of a transformer block that exist both as several standard ONNX operators and as one operator of ONNX Runtime.
/// Values have the shape [batch, patches, width]; the two implementations give equal outputs.
/// </summary>
internal interface IBlockOperators
{
    /// <summary>Multi-head self-attention up to, and without, its output projection.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="scope">Name of the block's part, the prefix of every name.</param>
    /// <param name="x">The normalised input.</param>
    /// <param name="weights">The projections of query, key and value.</param>
    /// <param name="rotation">Rotates queries and keys by their place in time; <c>null</c> for absolute positions.</param>
    /// <returns>The heads' outputs side by side.</returns>
    string Attention(GraphBuilder graph, string scope, string x, AttentionWeights weights, RotationNames? rotation);

    /// <summary>Exact GELU of <paramref name="x"/> + <paramref name="bias"/>.</summary>
    string BiasGelu(GraphBuilder graph, string scope, string x, string bias);

    /// <summary>Adds a branch and its bias to the residual stream, and layer-normalises the sum.</summary>
    /// <returns>The normalised sum, and the sum itself, which is the new residual stream.</returns>
    (string Normalised, string Sum) AddAndNormalise(GraphBuilder graph, string scope, string branch, string bias, string residual, NormNames norm);
}
