using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>The grid of patches: 5 in frequency, up to 50 in time, with fixed two-dimensional sine-cosine positions.</summary>
internal static class PatchGrid
{
    public const int PatchSize = 16;
    public const int FrequencyPatches = 5;
    public const int MaxTimePatches = 50;

    /// <summary>Positions [1, 5, 50, width]: the first half of the channels encodes time, the second frequency (sines, then cosines).</summary>
    public static Tensor Positions(int width)
    {
        int half = width / 2, rates = width / 4;
        var values = new float[FrequencyPatches * MaxTimePatches * width];
        for (int f = 0; f < FrequencyPatches; f++)
        for (int t = 0; t < MaxTimePatches; t++)
        for (int i = 0; i < rates; i++)
        {
            double rate = Math.Pow(10000, -(double)i / rates);
            int at = (f * MaxTimePatches + t) * width + i;
            values[at] = (float)Math.Sin(t * rate);
            values[at + rates] = (float)Math.Cos(t * rate);
            values[at + half] = (float)Math.Sin(f * rate);
            values[at + half + rates] = (float)Math.Cos(f * rate);
        }
        return tensor(values, [1, FrequencyPatches, MaxTimePatches, width]);
    }
}
