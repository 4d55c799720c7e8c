using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>
/// Maps [batch, 1, 80, 16 x time] to [batch, width, 5, time] with four 3 x 3 convolutions of stride 2, batch norm after each and ReLU
/// between them (Xiao et al., "Early convolutions help transformers see better", 2021).
/// </summary>
internal sealed class ConvolutionalPatchEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<Conv2d> convs = new();
    private readonly ModuleList<BatchNorm2d> norms = new();
    private readonly Precision precision;

    public ConvolutionalPatchEmbedding(int width, Precision precision) : base(nameof(ConvolutionalPatchEmbedding))
    {
        this.precision = precision;
        int[] channels = [1, Blocks(width / 8), Blocks(width / 4), Blocks(width / 2), width];
        for (int i = 0; i < 4; i++)
        {
            convs.Add(nn.Conv2d(channels[i], channels[i + 1], kernel_size: 3, stride: 2, padding: 1));
            norms.Add(nn.BatchNorm2d(channels[i + 1]));
        }
        register_module("convs", convs);
        register_module("norms", norms);
    }

    public override Tensor forward(Tensor x)
    {
        for (int i = 0; i < convs.Count; i++)
        {
            x = norms[i].forward(Convolve(convs[i], x));
            if (i < convs.Count - 1)
                x = nn.functional.relu(x);
        }
        return x;
    }

    /// <summary>Rounds up to whole blocks of 16 channels: with others, oneDNN's bfloat16 convolutions can give NaN.</summary>
    private static int Blocks(int channels) => (channels + 15) / 16 * 16;

    private Tensor Convolve(Conv2d layer, Tensor x)
    {
        if (!precision.UseBfloat16)
            return layer.forward(x);
        const ScalarType half = ScalarType.BFloat16;
        return nn.functional.conv2d(x.to(half), layer.weight.to(half), layer.bias!.to(half), strides: [2, 2], padding: [1, 1]);
    }
}
