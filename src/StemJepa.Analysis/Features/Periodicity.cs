using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>Autocorrelation of a curve of onsets or beats, for the tempo.</summary>
internal static class Periodicity
{
    /// <summary>Lags of 240 to 30 BPM, in frames of 10 ms.</summary>
    internal const int ShortestLag = 25, LongestLag = 200;

    /// <summary>How many lags there are.</summary>
    internal const int Lags = LongestLag - ShortestLag + 1;

    /// <summary>
    /// Correlation of a curve with itself at each lag, -1..1, [<see cref="Lags"/>]; zero at lags that it is too short for.
    /// </summary>
    /// <param name="curve">100 values per second.</param>
    internal static float[] Compute(ReadOnlySpan<float> curve)
    {
        var centred = new float[curve.Length];
        if (curve.Length > 0)
            TensorPrimitives.Subtract(curve, TensorPrimitives.Sum(curve) / curve.Length, centred);
        float energy = TensorPrimitives.SumOfSquares<float>(centred);
        var correlations = new float[Lags];
        for (int lag = ShortestLag; lag <= LongestLag && lag < centred.Length && energy > 0; lag++)
            correlations[lag - ShortestLag] =
                TensorPrimitives.Dot<float>(centred.AsSpan(lag), centred.AsSpan(0, centred.Length - lag)) / energy;
        return correlations;
    }
}
