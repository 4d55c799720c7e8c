using StemJepa.Training.Networks;

namespace StemJepa.Export.Weights;

/// <summary>Reads the tensors of one network, whose names share a prefix, as finite floats.</summary>
internal sealed class TensorReader(ITensorFile file, string prefix)
{
    /// <summary>Reads a tensor, row-major.</summary>
    /// <exception cref="StemJepaException">It is missing, not of a float type, or holds NaN or infinity.</exception>
    public float[] Read(string name)
    {
        float[] values = file.ReadFloats(prefix + name);
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        return bad < 0
            ? values
            : throw new StemJepaException(
                $"{file.FilePath}: tensor '{prefix}{name}' holds {values[bad]} at element {bad}; export a checkpoint from before training "
                    + "diverged.");
    }

    /// <summary>Reads a linear layer's weight [outputs, inputs] as [inputs, outputs], the order that ONNX's MatMul takes.</summary>
    public float[] ReadTransposed(string name, int outputs, int inputs) => Transpose<float>(Read(name), outputs, inputs);

    /// <summary>Transposes a row-major matrix.</summary>
    public static T[] Transpose<T>(ReadOnlySpan<T> matrix, int rows, int columns)
    {
        var transposed = new T[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                transposed[column * rows + row] = matrix[row * columns + column];
        }
        return transposed;
    }
}

/// <summary>A convolution and the batch normalisation that follows it, folded into one convolution for inference.</summary>
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
