using System.Numerics.Tensors;

namespace StemJepa.Training.Corpora;

/// <summary>Measures the loudness of a stem while it sounds. Thread-safe.</summary>
internal static class Loudness
{
    private const int BlockSamples = Fluidsynth.OutputRate / 10;
    private const float QuietFraction = 0.05f;

    /// <summary>
    /// Computes the root mean square of the blocks of 0.1 s that are at most 26 dB below the loudest block; 1 for silence.
    /// </summary>
    public static float Compute(ReadOnlySpan<float> samples)
    {
        var blocks = new List<float>();
        for (int at = 0; at + BlockSamples <= samples.Length; at += BlockSamples)
            blocks.Add(TensorPrimitives.SumOfSquares(samples.Slice(at, BlockSamples)) / BlockSamples);
        float loudest = blocks.DefaultIfEmpty(0).Max();
        return loudest == 0 ? 1 : MathF.Sqrt(blocks.Where(b => b >= QuietFraction * QuietFraction * loudest).Average());
    }
}
