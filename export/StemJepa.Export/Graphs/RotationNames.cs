using StemJepa.Export.Onnx;
using StemJepa.Export.Weights;
using StemJepa.Training.Networks;

namespace StemJepa.Export.Graphs;

/// <summary>
/// The cosines and sines of an encoder's rotary time positions, cut to the input's time patches and repeated for the five rows of patches.
/// </summary>
/// <param name="Cosines">Name of the cosines, [1, 1, patches, channels of a head], for [batch, heads, patches, channels].</param>
/// <param name="Sines">Name of the sines, in the same shape.</param>
/// <param name="HeadWidth">Channels of a head.</param>
internal sealed record RotationNames(string Cosines, string Sines, int HeadWidth)
{
    /// <summary>Adds the tables of an encoder, once for all blocks.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="sizes">The encoder's sizes.</param>
    /// <param name="time">Name of the number of time patches, a list of one.</param>
    public static RotationNames Create(GraphBuilder graph, EncoderSizes sizes, string time)
    {
        int width = sizes.Width / sizes.Heads;
        (float[] cosines, float[] sines) = RotaryPositions.Tables(width);
        string start = graph.Constant("rotation/start", 0), axis = graph.Constant("rotation/axis", 1);
        string shape = graph.Constant("rotation/by_head/shape", 1, 1, -1, width);
        string Shaped(string name, float[] values)
        {
            float[] repeated = [.. Enumerable.Repeat(values, ModelEncoder.FrequencyPatches).SelectMany(row => row)];
            string all = graph.Constant($"rotation/{name}", repeated, ModelEncoder.FrequencyPatches, ModelEncoder.WindowPatches, width);
            string first = graph.Node("Slice", $"rotation/{name}/first", [all, start, time, axis]);
            return graph.Node("Reshape", $"rotation/{name}/by_head", [first, shape]);
        }
        return new RotationNames(Shaped("cosines", cosines), Shaped("sines", sines), width);
    }

    /// <summary>Rotates queries or keys whose last axis holds the channels of a head.</summary>
    /// <returns>The rotated ones, in the same shape.</returns>
    public string Rotate(GraphBuilder graph, string scope, string x)
    {
        string half = graph.Constant($"{scope}/half", HeadWidth / 2, HeadWidth / 2);
        string[] halves = graph.Nodes(
            "Split", $"{scope}/halves", [x, half], [$"{scope}/low", $"{scope}/high"], [GraphBuilder.Attribute("axis", -1)]);
        string exchanged = graph.Node("Concat", $"{scope}/exchanged", [halves[1], halves[0]], [GraphBuilder.Attribute("axis", -1)]);
        string along = graph.Node("Mul", $"{scope}/along", [x, Cosines]);
        string across = graph.Node("Mul", $"{scope}/across", [exchanged, Sines]);
        return graph.Node("Add", $"{scope}/rotated", [along, across]);
    }
}
