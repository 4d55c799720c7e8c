using System.Collections.Immutable;
using System.Globalization;
using StemJepa.Training.Networks;

namespace StemJepa.Export.Weights;

/// <summary>Reads the sizes of the networks from the shapes of their tensors.</summary>
internal sealed class SizesReader(ITensorFile file)
{
    private const int MostLayers = 256;
    private const int Convolutions = 4;
    private const int PublishedHeadWidth = 64;

    /// <summary>
    /// Sizes of both encoders. No shape tells the number of heads: it comes from the option, the configuration, or the published 64
    /// channels per head. Time positions are in no shape either; they are absolute unless the configuration says otherwise.
    /// </summary>
    /// <exception cref="StemJepaException">A tensor that determines a size is missing or has an unusable shape, or the number of heads is
    /// unknown or does not divide the width.</exception>
    public EncoderSizes Encoder(int? headsOption, int? headsOfConfig, TimePositions timePositions)
    {
        int width = Dimension(WeightNames.ContextEncoder + "pos_embed", 3);
        if (width % 4 != 0)
            throw new StemJepaException($"{file.FilePath}: the encoder is {width} wide, but the positions need a multiple of 4.");
        int depth = Math.Max(LayerCount(WeightNames.ContextEncoder + "blocks."), LayerCount(WeightNames.TargetEncoder + "blocks."));
        if (depth == 0)
            throw new StemJepaException(
                $"{file.FilePath}: has no tensor 'encoder.blocks.0.*'; use a file with the tensor names of the published code.");
        ImmutableArray<int> channels = file.Shapes.ContainsKey(WeightNames.ContextEncoder + "patch_embed.convs.0.weight")
            ? [.. Enumerable.Range(0, Convolutions).Select(layer => Outputs($"{WeightNames.ContextEncoder}patch_embed.convs.{layer}"))]
            : [];
        int heads = Heads(width, headsOption, headsOfConfig);
        if (timePositions == TimePositions.Rotary && width / heads % 2 != 0)
            throw new StemJepaException(
                $"{file.FilePath}: has rotary time positions and heads of {width / heads} channels, but they need an even number; use "
                + "the heads that it was trained with.");
        return new EncoderSizes(width, depth, heads, channels, timePositions);
    }

    /// <summary>Sizes of the predictor of encoders of that width, of so many stems.</summary>
    /// <exception cref="StemJepaException">A tensor that determines a size is missing.</exception>
    public PredictorSizes Predictor(int width, int stems)
    {
        int layers = Math.Max(1, (LayerCount(WeightNames.Predictor + "blocks.") + 1) / 2);
        return new PredictorSizes(width, stems,
            [.. Enumerable.Range(0, layers - 1).Select(layer => Outputs($"{WeightNames.Predictor}blocks.{2 * layer}"))]);
    }

    private int Heads(int width, int? option, int? config)
    {
        if (option is not null && config is not null && option != config)
            throw new StemJepaException(
                $"{file.FilePath}: was trained with {config} heads, but --heads asks for {option}; leave the option out.");
        int? heads = option ?? config ?? (width % PublishedHeadWidth == 0 ? width / PublishedHeadWidth : null);
        if (heads is null)
            throw new StemJepaException(
                $"{file.FilePath}: does not say how many attention heads its {width} channels form; add --heads N.");
        if (heads < 1 || width % heads != 0)
        {
            throw new StemJepaException(
                $"{file.FilePath}: {heads} attention heads do not divide the encoder's {width} channels; use --heads with a divisor of "
                    + $"{width}.");
        }
        return heads.Value;
    }

    /// <summary>
    /// Outputs of a layer, from its bias if its weight is missing: the missing weight is reported later, with all other differences.
    /// </summary>
    private int Outputs(string layer) => Dimension(file.Shapes.ContainsKey($"{layer}.weight") ? $"{layer}.weight" : $"{layer}.bias", 0);

    private int Dimension(string name, int axis)
    {
        ImmutableArray<long> shape = file.ShapeOf(name);
        return shape.Length > axis && shape[axis] is > 0 and <= 1 << 15
            ? (int)shape[axis]
            : throw new StemJepaException(
                $"{file.FilePath}: tensor '{name}' has the unusable shape [{string.Join(", ", shape)}]; use a file with the tensors of the "
                    + "published code.");
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

/// <summary>Sizes of an encoder.</summary>
/// <param name="Width">Channels of a patch embedding.</param>
/// <param name="Depth">Transformer blocks.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="ConvolutionChannels">Output channels of each convolution of the patch embedding; empty for a linear one.</param>
/// <param name="TimePositions">How the encoder knows the order of patches in time.</param>
internal sealed record EncoderSizes(int Width, int Depth, int Heads, ImmutableArray<int> ConvolutionChannels, TimePositions TimePositions)
{
    /// <summary>Width of the MLP between its two layers.</summary>
    public int MlpWidth => 4 * Width;

    /// <summary>The kind of patch embedding.</summary>
    public PatchEmbedding PatchEmbedding => ConvolutionChannels.IsEmpty ? PatchEmbedding.Linear : PatchEmbedding.Convolutional;
}

/// <summary>Sizes of a predictor.</summary>
/// <param name="Width">Channels of a patch embedding, and of a stem vector.</param>
/// <param name="Stems">Number of stem vectors.</param>
/// <param name="Hidden">Width of each hidden layer, input side first.</param>
internal sealed record PredictorSizes(int Width, int Stems, ImmutableArray<int> Hidden)
{
    /// <summary>Outputs of each linear layer, the last one included.</summary>
    public ImmutableArray<int> Outputs => Hidden.Add(Width);
}
