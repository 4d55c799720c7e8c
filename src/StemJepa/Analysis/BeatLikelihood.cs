using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>How likely a beat is in each frame of 10 ms, and the beats that follow from it by dynamic programming (<see cref="BeatTracker"/>).</summary>
internal static class BeatLikelihood
{
    private static readonly double[] Multiples = [1, 2, 0.5, 3, 1.0 / 3];

    /// <summary>300 and 30 beats a minute, in frames.</summary>
    private const double ShortestPeriod = 20, LongestPeriod = 200;

    /// <summary>What the likelihoods about one beat add up to.</summary>
    private static readonly float SumOfBeat = 2 * TensorPrimitives.Sum(Near) - Near[0];

    /// <summary>How likely a beat is so many frames off the true one: labels are seldom exact to a frame, and beats are rare.</summary>
    internal static ReadOnlySpan<float> Near => [1, 0.5f, 0.25f];

    /// <summary>Likelihoods, 0..1, of logits.</summary>
    internal static float[] Of(ReadOnlySpan<float> logits)
    {
        var likelihoods = new float[logits.Length];
        TensorPrimitives.Sigmoid(logits, likelihoods);
        return likelihoods;
    }

    /// <summary>
    /// The beats in seconds, ascending. The autocorrelation does not tell a period from its multiples, but the likelihoods do: of these, the one is
    /// taken whose beats have the highest F-measure to be expected.
    /// </summary>
    /// <param name="likelihoods">100 a second.</param>
    internal static double[] Beats(float[] likelihoods)
    {
        double period = BeatTracker.Period(likelihoods), expected = TensorPrimitives.Sum<float>(likelihoods) / SumOfBeat;
        int[] best = Multiples.Select(multiple => multiple * period).Where(candidate => candidate is >= ShortestPeriod and <= LongestPeriod)
            .Select(candidate => BeatTracker.Beats(likelihoods, candidate))
            .MaxBy(beats => 2 * beats.Sum(beat => likelihoods[beat]) / (beats.Length + expected)) ?? [];
        return Array.ConvertAll(best, frame => frame / FrontEndSettings.FramesPerSecond);
    }
}
