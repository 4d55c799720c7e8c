using System.Collections.Immutable;
using System.Globalization;
using StemJepa.Training.Networks;

namespace StemJepa.Export.Weights;

/// <summary>Finds the networks' sizes in the shapes of their tensors.</summary>
internal sealed class SizesReader(ITensorFile file)
{
    private const int MostLayers = 256;
    private const int Convolutions = 4;
    private const int PublishedHeadWidth = 64;

    /// <summary>Sizes of both encoders; time positions are in no shape, and absolute unless the configuration says otherwise. The number of heads is in no shape: it comes from the option, the configuration, or the published 64 channels per head.</summary>
    /// <exception cref="StemJepaException">The tensors that tell are missing or absurd, or the number of heads is unknown or does not fit.</exception>
    public EncoderSizes Encoder(int? headsOption, int? headsOfConfig, TimePositions timePositions)
    {
        int width = Dimension(WeightNames.ContextEncoder + "pos_embed", 3);
        if (width % 4 != 0)
            throw new StemJepaException($"{file.FilePath}: the encoder is {width} wide, but the positions need a multiple of 4.");
        int depth = Math.Max(LayerCount(WeightNames.ContextEncoder + "blocks."), LayerCount(WeightNames.TargetEncoder + "blocks."));
        if (depth == 0)
            throw new StemJepaException($"{file.FilePath}: has no tensor 'encoder.blocks.0.*'; use a file with the tensor names of the published code.");
        ImmutableArray<int> channels = file.Shapes.ContainsKey(WeightNames.ContextEncoder + "patch_embed.convs.0.weight")
            ? [.. Enumerable.Range(0, Convolutions).Select(layer => Outputs($"{WeightNames.ContextEncoder}patch_embed.convs.{layer}"))]
            : [];
        int heads = Heads(width, headsOption, headsOfConfig);
        if (timePositions == TimePositions.Rotary && width / heads % 2 != 0)
            throw new StemJepaException($"{file.FilePath}: has rotary time positions and heads of {width / heads} channels, but they need an even number; use the heads that it was trained with.");
        return new EncoderSizes(width, depth, heads, channels, timePositions);
    }

    /// <summary>Sizes of the predictor of encoders of that width.</summary>
    /// <exception cref="StemJepaException">The tensors that tell are missing.</exception>
    public PredictorSizes Predictor(int width)
    {
        int layers = Math.Max(1, (LayerCount(WeightNames.Predictor + "blocks.") + 1) / 2);
        return new PredictorSizes(width,
            [.. Enumerable.Range(0, layers - 1).Select(layer => Outputs($"{WeightNames.Predictor}blocks.{2 * layer}"))]);
    }

    private int Heads(int width, int? option, int? config)
    {
        if (option is not null && config is not null && option != config)
            throw new StemJepaException($"{file.FilePath}: was trained with {config} heads, but --heads asks for {option}; leave the option out.");
        int? heads = option ?? config ?? (width % PublishedHeadWidth == 0 ? width / PublishedHeadWidth : null);
        if (heads is null)
            throw new StemJepaException($"{file.FilePath}: does not say how many attention heads its {width} channels form; add --heads N.");
        if (heads < 1 || width % heads != 0)
            throw new StemJepaException($"{file.FilePath}: {heads} attention heads do not divide the encoder's {width} channels; use --heads with a divisor of {width}.");
        return heads.Value;
    }

    /// <summary>Outputs of a layer, by its bias when its weight is missing, so that the missing weight is reported with everything else.</summary>
    private int Outputs(string layer) => Dimension(file.Shapes.ContainsKey($"{layer}.weight") ? $"{layer}.weight" : $"{layer}.bias", 0);

    private int Dimension(string name, int axis)
    {
        ImmutableArray<long> shape = file.ShapeOf(name);
        return shape.Length > axis && shape[axis] is > 0 and <= 1 << 15
            ? (int)shape[axis]
            : throw new StemJepaException($"{file.FilePath}: tensor '{name}' has the unusable shape [{string.Join(", ", shape)}]; use a file with the tensors of the published code.");
    }

    /// <summary>One more than the highest layer number below <see cref="MostLayers"/> that follows the prefix.</summary>
    private int LayerCount(string prefix)
    {
        int count = 0;
        foreach (string name in file.Shapes.Keys)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            ReadOnlySpan<char> rest = name.AsSpan(prefix.Length);
            int end = rest.IndexOf('.');
            if (end > 0 && int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int layer) && layer < MostLayers)
                count = Math.Max(count, layer + 1);
        }
        return count;
    }
}
