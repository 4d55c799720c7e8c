using StemJepa.Export.Onnx;

namespace StemJepa.Export.Graphs;

/// <summary>Names of a layer normalisation's constants in a graph.</summary>
internal readonly record struct NormNames(string Weight, string Bias)
{
    /// <summary>Epsilon of every layer normalisation of Stem-JEPA.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>Normalises the last dimension with the standard operator.</summary>
    public string Normalise(GraphBuilder graph, string name, string x, string? output = null) =>
        graph.Node("LayerNormalization", name, [x, Weight, Bias],
            [GraphBuilder.Attribute("axis", -1), GraphBuilder.Attribute("epsilon", Epsilon)], output);
}
