using System.Collections.Immutable;

namespace StemJepa.Export.Weights;

/// <summary>Sizes of an encoder, read from its tensors.</summary>
/// <param name="Width">Channels of a patch embedding.</param>
/// <param name="Depth">Transformer blocks.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="ConvolutionChannels">Output channels of each convolution of the patch embedding; empty for a linear one.</param>
/// <param name="TimePositions">How the encoder knows the order of patches in time.</param>
internal sealed record EncoderSizes(int Width, int Depth, int Heads, ImmutableArray<int> ConvolutionChannels, TimePositions TimePositions)
{
    /// <summary>Width of the MLP between its two layers.</summary>
    public int MlpWidth => 4 * Width;

    /// <summary>How patches become vectors.</summary>
    public PatchEmbedding PatchEmbedding => ConvolutionChannels.IsEmpty ? PatchEmbedding.Linear : PatchEmbedding.Convolutional;
}
