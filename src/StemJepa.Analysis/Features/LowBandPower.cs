using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// The power of the four lowest mel bands, up to about 220 Hz, 100 frames per second: where kick and bass are. From the log-mel input of
/// the encoder, window by window. Not thread-safe.
/// </summary>
internal sealed class LowBandPower : IPatchSink
{
    private const int Bands = 4;

    private static readonly float Deviation = new FrontEndSettings().StandardDeviation;

    private readonly List<float> _values = [];

    /// <summary>Natural logarithms of the power, one for each frame; their zero is arbitrary.</summary>
    internal float[] ToArray() => [.. _values];

    /// <inheritdoc/>
    public void Add(PatchWindows windows)
    {
        int frames = windows.TimePatches * ModelEncoder.PatchSize;
        float[] sum = new float[frames], band = new float[frames];
        for (ReadOnlySpan<float> logMel = windows.LogMel; logMel.Length > 0; logMel = logMel[(FrontEndSettings.MelBands * frames)..])
        {
            Array.Clear(sum);
            for (int mel = 0; mel < Bands; mel++)
            {
                TensorPrimitives.Multiply(logMel.Slice(mel * frames, frames), Deviation, band);
                TensorPrimitives.Exp(band, band);
                TensorPrimitives.Add(sum, band, sum);
            }
            TensorPrimitives.Log(sum, sum);
            _values.AddRange(sum);
        }
    }
}
