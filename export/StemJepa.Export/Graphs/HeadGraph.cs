using StemJepa.Export.Onnx;
using StemJepa.Export.Weights;
using StemJepa.Training.Evaluation;

namespace StemJepa.Export.Graphs;

/// <summary>
/// Emits a classification or regression head over time patches: standardisation, one or two linear layers, and a mean over time where the
/// head was trained with one. Input <c>features</c> [rows, length], output <c>logits</c> [rows or 1, outputs]. Weights are stored in half
/// precision.
/// </summary>
internal static class HeadGraph
{
    /// <summary>Builds the model.</summary>
    /// <param name="head">The trained head.</param>
    /// <param name="name">The task's name.</param>
    /// <param name="isSequence">Whether each row has its own outputs; else one row for the recording.</param>
    public static ModelProto Build(TrainedHead head, string name, bool isSequence)
    {
        float[] mean = head.Mean;
        int inputs = mean.Length, outputs = 0;
        var graph = new GraphBuilder(name);
        string x = graph.Input(AnalysisHeads.InputName, TensorProto.Types.DataType.Float,
            "Input features of the head, one row per time patch.", "rows", $"{inputs}");
        if (head.AveragesInput)
            x = MeanOverRows(graph, "mean", x);
        x = graph.Node("Sub", "centred", [x, graph.Constant("input.mean", mean, inputs)]);
        x = graph.Node("Div", "standardised", [x, graph.Constant("input.deviation", head.Deviation, inputs)]);
        IReadOnlyList<(Half[] Weight, Half[] Bias)> layers = head.Layers;
        for (int layer = 0; layer < layers.Count; layer++)
        {
            (Half[] weight, Half[] bias) = layers[layer];
            outputs = bias.Length;
            string matrix =
                graph.WidenedConstant($"{layer}.weight", TensorReader.Transpose<Half>(weight, outputs, inputs), inputs, outputs);
            string product = graph.Node("MatMul", $"{layer}/matmul", [x, matrix]);
            bool isLast = layer == layers.Count - 1;
            x = graph.Node("Add", $"{layer}/bias_added", [product, graph.WidenedConstant($"{layer}.bias", bias, outputs)],
                output: isLast ? AnalysisHeads.OutputName : null);
            if (!isLast)
                x = graph.Node("Relu", $"{layer}/relu", [x]);
            if (!isLast && head.Kind == ProbeHead.Columns)
                x = MeanOverRows(graph, $"{layer}/mean", x);
            inputs = outputs;
        }
        graph.Output(AnalysisHeads.OutputName, TensorProto.Types.DataType.Float, "Logits.", isSequence ? "rows" : "1", $"{outputs}");
        return graph.Build($"Stem-JEPA head for {name}: {head.Kind.ToString().ToLowerInvariant()}, {head.Mean.Length} inputs.");
    }

    private static string MeanOverRows(GraphBuilder graph, string name, string x) =>
        graph.Node("ReduceMean", name, [x], [GraphBuilder.Attribute("axes", [0L]), GraphBuilder.Attribute("keepdims", 1L)]);
}
