using StemJepa.Export.Onnx;
using StemJepa.Export.Weights;

namespace StemJepa.Export.Graphs;

/// <summary>
/// Emits a predictor: every patch embedding of the mix with the stem's learned vector appended, through an MLP with ReLU and a last
/// layer normalisation (Stem-JEPA, section 3.1). Inputs <c>patches</c> [batch, 5, time, width] and <c>stem</c> [batch], output
/// <c>prediction</c> [batch, 5, time, width].
/// </summary>
/// <remarks>
/// The first layer's product with the stem vector is the same for all patches, and there are only a few stems: a table of its values, the
/// bias included, replaces half of the layer.
/// </remarks>
internal static class PredictorGraph
{
    /// <summary>Builds the model; <paramref name="stems"/> are those of the stem vectors.</summary>
    public static ModelProto Build(PredictorSizes sizes, IReadOnlyList<Stem> stems, TensorReader weights, IProjections projections)
    {
        int width = sizes.Width;
        string[] grid = ["batch", $"{ModelEncoder.FrequencyPatches}", "time", $"{width}"];
        var graph = new GraphBuilder("predictor");
        string x = graph.Input("patches", TensorProto.Types.DataType.Float, "Patch embeddings of a mix.", grid);
        string stem = graph.Input("stem", TensorProto.Types.DataType.Int64,
            $"The missing stem: {string.Join(", ", stems.Select((one, label) => $"{label} {one}"))}.", "batch");
        int inputs = width;
        for (int layer = 0; layer < sizes.Outputs.Length; layer++)
        {
            string name = $"blocks.{2 * layer}";
            int outputs = sizes.Outputs[layer];
            if (layer > 0)
                x = graph.Node("Relu", $"{name}/relu", [x]);
            (float[] matrix, string offset) = layer == 0
                ? First(graph, weights, stem, outputs, width) : Other(graph, weights, name, outputs, inputs);
            string product = projections.Multiply(graph, name, x, matrix, inputs, outputs);
            x = graph.Node("Add", $"{name}/bias_added", [product, offset]);
            inputs = outputs;
        }
        var norm = new LayerNormNames(graph.Constant("norm.weight", weights.Read("norm.weight"), width),
            graph.Constant("norm.bias", weights.Read("norm.bias"), width));
        norm.Normalise(graph, "norm", x, output: "prediction");
        graph.Output("prediction", TensorProto.Types.DataType.Float, "Predicted patch embeddings of the missing stem.", grid);
        return graph.Build($"Stem-JEPA predictor, {width} wide, hidden layers {string.Join(", ", sizes.Hidden)}.");
    }

    private static (float[] Matrix, string Offset) Other(GraphBuilder graph, TensorReader weights, string name, int outputs, int inputs) =>
        (weights.ReadTransposed($"{name}.weight", outputs, inputs), graph.Constant($"{name}.bias", weights.Read($"{name}.bias"), outputs));

    private static (float[] Matrix, string Offset) First(GraphBuilder graph, TensorReader weights, string stem, int outputs, int width)
    {
        float[] weight = weights.Read("blocks.0.weight");
        float[] bias = weights.Read("blocks.0.bias");
        float[] stems = weights.Read("source_embed.weight");
        var patchPart = new float[outputs * width];
        int count = stems.Length / width;
        var table = new float[count * outputs];
        for (int output = 0; output < outputs; output++)
        {
            ReadOnlySpan<float> row = weight.AsSpan(output * 2 * width, 2 * width);
            row[..width].CopyTo(patchPart.AsSpan(output * width));
            for (int s = 0; s < count; s++)
                table[s * outputs + output] = (float)(bias[output] + Dot(row[width..], stems.AsSpan(s * width, width)));
        }
        string values = graph.Constant("stems/table", table, count, 1, 1, outputs);
        string chosen = graph.Node("Gather", "stems/chosen", [values, stem], [GraphBuilder.Attribute("axis", 0)]);
        return (TensorReader.Transpose<float>(patchPart, outputs, width), chosen);
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}
