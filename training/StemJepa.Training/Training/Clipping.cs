using System.Numerics.Tensors;

namespace StemJepa.Training.Training;

/// <summary>Clips recordings as an overdriven input does, each by an amount of its own, in the share of cases that the settings give. Thread-safe.</summary>
internal sealed class Clipping(TrainingSettings settings)
{
    /// <summary>The most that a peak loses, in decibels.</summary>
    public const double MostDecibels = 12;

    /// <summary>The samples, clipped or themselves. Without clipping, nothing is drawn from <paramref name="random"/>.</summary>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> samples, Random random)
    {
        if (settings.ClippedShare == 0 || random.NextDouble() >= settings.ClippedShare)
            return samples;
        float limit = Math.Abs(TensorPrimitives.MaxMagnitude(samples)) * (float)Math.Pow(10, -MostDecibels / 20 * random.NextDouble());
        var clipped = new float[samples.Length];
        TensorPrimitives.Max(samples, -limit, clipped);
        TensorPrimitives.Min(clipped, limit, clipped);
        return clipped;
    }
}
