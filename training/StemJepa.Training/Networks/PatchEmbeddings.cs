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
    // TorchSharp registers fields under their names, so these are the names in weights files.
    private readonly ModuleList<Conv2d> convs = new();
    private readonly ModuleList<BatchNorm2d> norms = new();
    private readonly Precision _precision;

    public ConvolutionalPatchEmbedding(int width, Precision precision) : base(nameof(ConvolutionalPatchEmbedding))
    {
        _precision = precision;
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
        if (!_precision.UseBfloat16)
            return layer.forward(x);
        const ScalarType half = ScalarType.BFloat16;
        return nn.functional.conv2d(x.to(half), layer.weight.to(half), layer.bias!.to(half), strides: [2, 2], padding: [1, 1]);
    }
}

/// <summary>Maps [batch, 1, 80, 16 x time] to [batch, width, 5, time] with one linear map per 16 x 16 patch.</summary>
internal sealed class LinearPatchEmbedding : nn.Module<Tensor, Tensor>
{
    // TorchSharp registers fields under their names, so these are the names in weights files.
    private readonly Conv2d proj;

    public LinearPatchEmbedding(int width) : base(nameof(LinearPatchEmbedding))
    {
        proj = nn.Conv2d(1, width, kernel_size: PatchGrid.PatchSize, stride: PatchGrid.PatchSize);
        register_module("proj", proj);
    }

    public override Tensor forward(Tensor x) => proj.forward(x);
}

/// <summary>The grid of patches: 5 in frequency, up to 50 in time, with fixed two-dimensional sine-cosine positions.</summary>
internal static class PatchGrid
{
    public const int PatchSize = 16;
    public const int FrequencyPatches = 5;
    public const int MaxTimePatches = 50;

    /// <summary>
    /// Positions [1, 5, 50, width]: the first half of the channels encodes time, the second frequency (sines, then cosines). With rotary
    /// time positions the first half is zero.
    /// </summary>
    public static Tensor Positions(int width, TimePositions time = TimePositions.Absolute)
    {
        int half = width / 2, rates = width / 4;
        var values = new float[FrequencyPatches * MaxTimePatches * width];
        for (int f = 0; f < FrequencyPatches; f++)
        for (int t = 0; t < MaxTimePatches; t++)
        for (int i = 0; i < rates; i++)
        {
            double rate = Math.Pow(10000, -(double)i / rates);
            int at = (f * MaxTimePatches + t) * width + i;
            if (time == TimePositions.Absolute)
            {
                values[at] = (float)Math.Sin(t * rate);
                values[at + rates] = (float)Math.Cos(t * rate);
            }
            values[at + half] = (float)Math.Sin(f * rate);
            values[at + half + rates] = (float)Math.Cos(f * rate);
        }
        return tensor(values, [1, FrequencyPatches, MaxTimePatches, width]);
    }
}
