namespace StemJepa.Export.Weights;

/// <summary>A convolution with the batch normalisation that follows it, in inference, as one convolution.</summary>
internal static class FoldedConvolution
{
    /// <summary>Epsilon of the batch normalisations.</summary>
    public const double Epsilon = 1e-5;

    /// <summary>Reads layer <paramref name="layer"/> of a convolutional patch embedding.</summary>
    /// <returns>Weight [outputs, inputs, 3, 3] and bias [outputs], both scaled by weight / sqrt(variance + epsilon).</returns>
    public static (float[] Weight, float[] Bias) Read(TensorReader weights, int layer, int outputs)
    {
        float[] weight = weights.Read($"patch_embed.convs.{layer}.weight");
        float[] bias = weights.Read($"patch_embed.convs.{layer}.bias");
        float[] scale = weights.Read($"patch_embed.norms.{layer}.weight");
        float[] shift = weights.Read($"patch_embed.norms.{layer}.bias");
        float[] mean = weights.Read($"patch_embed.norms.{layer}.running_mean");
        float[] variance = weights.Read($"patch_embed.norms.{layer}.running_var");
        int taps = weight.Length / outputs;
        for (int channel = 0; channel < outputs; channel++)
        {
            double gain = scale[channel] / Math.Sqrt(variance[channel] + Epsilon);
            foreach (ref float tap in weight.AsSpan(channel * taps, taps))
                tap = (float)(tap * gain);
            bias[channel] = (float)((bias[channel] - (double)mean[channel]) * gain + shift[channel]);
        }
        return (weight, bias);
    }
}
