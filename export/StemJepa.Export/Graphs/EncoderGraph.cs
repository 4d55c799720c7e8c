using StemJepa.Export.Onnx;
using StemJepa.Export.Weights;

namespace StemJepa.Export.Graphs;

/// <summary>
/// Emits an encoder: a pre-norm vision transformer without class token over 16 x 16 patches of a log-mel spectrogram
/// (Stem-JEPA, section 3.1). Input <c>log_mel</c> [batch, 80, 16 x time], output <c>patches</c> [batch, 5, time, width].
/// </summary>
internal sealed class EncoderGraph
{
    private const int Bands = ModelEncoder.FrequencyPatches * ModelEncoder.PatchSize;
    private readonly EncoderSizes _sizes;
    private readonly TensorReader _weights;
    private readonly IProjections _projections;
    private readonly GraphBuilder _graph;
    private readonly TransformerBlocks _blocks;
    private RotationNames? _rotation;

    private EncoderGraph(EncoderSizes sizes, TensorReader weights, IProjections projections, string name)
    {
        _sizes = sizes;
        _weights = weights;
        _projections = projections;
        _graph = new GraphBuilder(name);
        _blocks = new TransformerBlocks(_graph, projections);
    }

    /// <summary>Builds the model.</summary>
    public static ModelProto Build(EncoderSizes sizes, TensorReader weights, IProjections projections, string name) =>
        new EncoderGraph(sizes, weights, projections, name).Build();

    private ModelProto Build()
    {
        string logMel = _graph.Input("log_mel", TensorProto.Types.DataType.Float,
            "Normalised log-mel spectrogram, band-major; frames = 16 x time, 1 <= time <= 50.", "batch", $"{Bands}", "frames");
        string embedded = _sizes.PatchEmbedding == PatchEmbedding.Linear ? LinearPatches(logMel) : ConvolutionalPatches(logMel);
        string time =
            _graph.Node("Shape", "positions/time", [embedded], [GraphBuilder.Attribute("start", 2), GraphBuilder.Attribute("end", 3)]);
        if (_sizes.TimePositions == TimePositions.Rotary)
            _rotation = RotationNames.Create(_graph, _sizes, time);
        string residual = _graph.Node(
            "Reshape", "embedded/sequence",
            [AddPositions(embedded, time), _graph.Constant("embedded/sequence/shape", 0, -1, _sizes.Width)]);
        string normalised = Norm("blocks.0.norm1").Normalise(_graph, "blocks.0/input/normalised", residual);
        for (int block = 0; block < _sizes.Depth; block++)
        {
            string nextNorm = block + 1 < _sizes.Depth ? $"blocks.{block + 1}.norm1" : "norm";
            (normalised, residual) = Block($"blocks.{block}", normalised, residual, nextNorm);
        }
        string grid = _graph.Constant("patches/shape", 0, ModelEncoder.FrequencyPatches, -1, _sizes.Width);
        _graph.Node("Reshape", "patches", [normalised, grid]);
        _graph.Output("patches", TensorProto.Types.DataType.Float, "Patch embeddings.", "batch", $"{ModelEncoder.FrequencyPatches}", "time",
            $"{_sizes.Width}");
        return _graph.Build($"Stem-JEPA encoder, {_sizes.Width} wide, {_sizes.Depth} deep, {_sizes.Heads} heads.");
    }

    /// <summary>One block. Ends with the layer normalisation that follows the block.</summary>
    private (string Normalised, string Residual) Block(string name, string normalised, string residual, string nextNorm)
    {
        int width = _sizes.Width;
        var attention =
            new AttentionWeights(_weights.Read($"{name}.attn.qkv.weight"), _weights.Read($"{name}.attn.qkv.bias"), width, _sizes.Heads);
        string merged = _blocks.Attention($"{name}/attn", normalised, attention, _rotation);
        string projected = MatMul($"{name}.attn.proj", merged, width, width);
        (normalised, residual) = _blocks.AddAndNormalise(
            $"{name}/attn/residual", projected, Bias($"{name}.attn.proj", width), residual, Norm($"{name}.norm2"));
        string hidden = MatMul($"{name}.mlp.fc1", normalised, _sizes.MlpWidth, width);
        string activated = _blocks.BiasGelu($"{name}/mlp", hidden, Bias($"{name}.mlp.fc1", _sizes.MlpWidth));
        string output = MatMul($"{name}.mlp.fc2", activated, width, _sizes.MlpWidth);
        return _blocks.AddAndNormalise($"{name}/mlp/residual", output, Bias($"{name}.mlp.fc2", width), residual, Norm(nextNorm));
    }

    /// <summary>
    /// Cuts the spectrogram into patches and multiplies each by the embedding's matrix; the bias is added with the positions.
    /// </summary>
    private string LinearPatches(string logMel)
    {
        const int Size = ModelEncoder.PatchSize;
        string split = _graph.Constant("patch_embed/split", 0, ModelEncoder.FrequencyPatches, Size, -1, Size);
        string flatten = _graph.Constant("patch_embed/flatten", 0, ModelEncoder.FrequencyPatches, -1, Size * Size);
        string cells = _graph.Node("Reshape", "patch_embed/cells", [logMel, split]);
        string patches = _graph.Node("Transpose", "patch_embed/patches", [cells], [GraphBuilder.Attribute("perm", 0, 1, 3, 2, 4)]);
        string vectors = _graph.Node("Reshape", "patch_embed/vectors", [patches, flatten]);
        float[] matrix = _weights.ReadTransposed("patch_embed.proj.weight", _sizes.Width, Size * Size);
        return new FloatProjections().Multiply(_graph, "patch_embed.proj", vectors, matrix, Size * Size, _sizes.Width);
    }

    /// <summary>Four 3 x 3 convolutions with stride 2, each with its batch normalisation folded in, ReLU between them.</summary>
    private string ConvolutionalPatches(string logMel)
    {
        string x = _graph.Node("Reshape", "patch_embed/image", [logMel, _graph.Constant("patch_embed/image/shape", 0, 1, Bands, -1)]);
        int channels = 1;
        for (int layer = 0; layer < _sizes.ConvolutionChannels.Length; layer++)
        {
            int outputs = _sizes.ConvolutionChannels[layer];
            (float[] weight, float[] bias) = FoldedConvolution.Read(_weights, layer, outputs);
            string name = $"patch_embed.convs.{layer}";
            x = _graph.Node("Conv", $"{name}/conv",
                [x, _graph.Constant($"{name}.weight", weight, outputs, channels, 3, 3), _graph.Constant($"{name}.bias", bias, outputs)],
                [GraphBuilder.Attribute("kernel_shape", 3, 3), GraphBuilder.Attribute("strides", 2, 2),
                    GraphBuilder.Attribute("pads", 1, 1, 1, 1)]);
            if (layer + 1 < _sizes.ConvolutionChannels.Length)
                x = _graph.Node("Relu", $"{name}/relu", [x]);
            channels = outputs;
        }
        return _graph.Node("Transpose", "patch_embed/transposed", [x], [GraphBuilder.Attribute("perm", 0, 2, 3, 1)]);
    }

    /// <summary>Adds the first <c>time</c> time patches of the fixed positions to [batch, 5, time, width].</summary>
    private string AddPositions(string embedded, string time)
    {
        float[] positions = _weights.Read("pos_embed");
        if (_sizes.PatchEmbedding == PatchEmbedding.Linear)
        {
            float[] bias = _weights.Read("patch_embed.proj.bias");
            for (int i = 0; i < positions.Length; i++)
                positions[i] += bias[i % bias.Length];
        }
        string all = _graph.Constant("pos_embed", positions, 1, ModelEncoder.FrequencyPatches, ModelEncoder.WindowPatches, _sizes.Width);
        string first = _graph.Node(
            "Slice", "positions/first", [all, _graph.Constant("positions/start", 0), time, _graph.Constant("positions/axis", 2)]);
        return _graph.Node("Add", "embedded", [embedded, first]);
    }

    private string MatMul(string layer, string x, int outputs, int inputs) =>
        _projections.Multiply(_graph, layer, x, _weights.ReadTransposed($"{layer}.weight", outputs, inputs), inputs, outputs);

    private string Bias(string layer, int outputs) => _graph.Constant($"{layer}.bias", _weights.Read($"{layer}.bias"), outputs);

    private LayerNormNames Norm(string layer) => new(
        _graph.Constant($"{layer}.weight", _weights.Read($"{layer}.weight"), _sizes.Width),
        _graph.Constant($"{layer}.bias", _weights.Read($"{layer}.bias"), _sizes.Width));
}
