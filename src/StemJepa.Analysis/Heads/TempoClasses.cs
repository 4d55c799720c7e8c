using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>Tempi as classes of equal ratio, 36 an octave, from 30 to 300 BPM: the classes of a head for the tempo.</summary>
internal static class TempoClasses
{
    internal const double Slowest = 30, Fastest = 300;

    private const int ClassesPerOctave = 36, Neighbours = 2;

    /// <summary>How many classes there are.</summary>
    internal static int Count { get; } = 1 + (int)Math.Ceiling(ClassesPerOctave * Math.Log2(Fastest / Slowest));

    /// <summary>Where a tempo lies among the classes; tempi outside of 30 to 300 count as the nearest of these.</summary>
    internal static double PlaceOf(double tempo) => ClassesPerOctave * Math.Log2(Math.Clamp(tempo, Slowest, Fastest) / Slowest);

    /// <summary>The tempo in BPM: the likeliest class with its neighbours, weighted by their probabilities.</summary>
    internal static double Estimate(ReadOnlySpan<float> logits)
    {
        int best = TensorPrimitives.IndexOfMax(logits);
        double sum = 0, weights = 0;
        for (int i = Math.Max(0, best - Neighbours); i <= Math.Min(Count - 1, best + Neighbours); i++)
        {
            double weight = Math.Exp(logits[i] - logits[best]);
            sum += weight * i;
            weights += weight;
        }
        return Slowest * Math.Pow(2, sum / weights / ClassesPerOctave);
    }

    /// <summary>The probability of a tempo, 0..1: that of its class and its neighbours, within 5 %.</summary>
    /// <param name="tempo">BPM.</param>
    /// <param name="probabilities">One for each class; their sum is 1.</param>
    internal static double ProbabilityNear(double tempo, ReadOnlySpan<float> probabilities)
    {
        int nearest = (int)Math.Round(PlaceOf(tempo)), first = Math.Max(0, nearest - Neighbours);
        return Math.Min(1, TensorPrimitives.Sum(probabilities[first..Math.Min(Count, nearest + Neighbours + 1)]));
    }
}
