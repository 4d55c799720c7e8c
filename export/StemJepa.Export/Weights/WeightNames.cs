namespace StemJepa.Export.Weights;

/// <summary>Names and shapes of the tensors that networks of given sizes have, as the published code names them.</summary>
internal static class WeightNames
{
    /// <summary>Prefix of the encoder of mixes.</summary>
    public const string ContextEncoder = "encoder.";

    /// <summary>Prefix of the encoder of recordings, the moving average of the other.</summary>
    public const string TargetEncoder = "target_encoder.";

    /// <summary>Prefix of the predictor.</summary>
    public const string Predictor = "predictor.";

    /// <summary>Batch normalisations count their training steps in a tensor of this name, which inference does not need.</summary>
    public const string Ignored = ".num_batches_tracked";

    /// <summary>All tensors of a weights file: both encoders and the predictor.</summary>
    public static IEnumerable<(string Name, long[] Shape)> All(EncoderSizes encoder, PredictorSizes predictor)
    {
        (string, IEnumerable<(string, long[])>)[] networks =
            [(ContextEncoder, ForEncoder(encoder)), (TargetEncoder, ForEncoder(encoder)), (Predictor, ForPredictor(predictor))];
        foreach ((string prefix, IEnumerable<(string, long[])> tensors) in networks)
        {
            foreach ((string name, long[] shape) in tensors)
                yield return (prefix + name, shape);
        }
    }

    /// <summary>The tensors of an encoder, without its prefix.</summary>
    public static IEnumerable<(string Name, long[] Shape)> ForEncoder(EncoderSizes sizes)
    {
        int width = sizes.Width;
        yield return ("pos_embed", [1, ModelEncoder.FrequencyPatches, ModelEncoder.WindowPatches, width]);
        foreach (var tensor in sizes.PatchEmbedding == PatchEmbedding.Linear
            ? Layer("patch_embed.proj", width, 1, ModelEncoder.PatchSize, ModelEncoder.PatchSize)
            : ForConvolutions(sizes))
            yield return tensor;
        for (int block = 0; block < sizes.Depth; block++)
        {
            string name = $"blocks.{block}";
            (string, long[])[] tensors =
            [
                .. Layer($"{name}.norm1", width), .. Layer($"{name}.attn.qkv", 3 * width, width),
                    .. Layer($"{name}.attn.proj", width, width),
                .. Layer($"{name}.norm2", width), .. Layer($"{name}.mlp.fc1", sizes.MlpWidth, width),
                    .. Layer($"{name}.mlp.fc2", width, sizes.MlpWidth),
            ];
            foreach (var tensor in tensors)
                yield return tensor;
        }
        foreach (var tensor in Layer("norm", width))
            yield return tensor;
    }

    /// <summary>The tensors of a predictor, without its prefix.</summary>
    public static IEnumerable<(string Name, long[] Shape)> ForPredictor(PredictorSizes sizes)
    {
        yield return ("source_embed.weight", [sizes.Stems, sizes.Width]);
        int inputs = 2 * sizes.Width;
        for (int layer = 0; layer < sizes.Outputs.Length; layer++)
        {
            foreach (var tensor in Layer($"blocks.{2 * layer}", sizes.Outputs[layer], inputs))
                yield return tensor;
            inputs = sizes.Outputs[layer];
        }
        foreach (var tensor in Layer("norm", sizes.Width))
            yield return tensor;
    }

    private static IEnumerable<(string, long[])> ForConvolutions(EncoderSizes sizes)
    {
        int inputs = 1;
        for (int layer = 0; layer < sizes.ConvolutionChannels.Length; layer++)
        {
            int outputs = sizes.ConvolutionChannels[layer];
            (string, long[])[] tensors =
            [
                .. Layer($"patch_embed.convs.{layer}", outputs, inputs, 3, 3), .. Layer($"patch_embed.norms.{layer}", outputs),
                ($"patch_embed.norms.{layer}.running_mean", [outputs]), ($"patch_embed.norms.{layer}.running_var", [outputs]),
            ];
            foreach (var tensor in tensors)
                yield return tensor;
            inputs = outputs;
        }
    }

    private static (string, long[])[] Layer(string name, params long[] weight) =>
        [($"{name}.weight", weight), ($"{name}.bias", [weight[0]])];
}
