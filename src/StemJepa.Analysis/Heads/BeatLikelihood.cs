using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// How likely a beat is in each frame of 10 ms, and the beats that follow from it by dynamic programming (<see cref="BeatTracker"/>).
/// </summary>
internal static class BeatLikelihood
{
    private static readonly double[] Multiples = [1, 2, 0.5, 3, 1.0 / 3];

    /// <summary>Fewest beats that a tempo is computed from.</summary>
    private const int FewestBeats = 3;

    /// <summary>How far an interval may be from the median, as a fraction.</summary>
    private const double NearMedian = 0.2;

    /// <summary>
    /// What is added to the probability of a tempo, so that one which the head leaves out can still win; found on songs that no head was
    /// trained on.
    /// </summary>
    private const double LeastProbability = 1;

    /// <summary>300 and 30 BPM, in frames.</summary>
    private const double ShortestPeriod = 20, LongestPeriod = 200;

    /// <summary>What the likelihoods about one beat add up to.</summary>
    private static readonly float SumOfBeat = 2 * TensorPrimitives.Sum(Near) - Near[0];

    /// <summary>How likely a beat is so many frames off the true one: labels are seldom exact to a frame, and beats are rare.</summary>
    internal static ReadOnlySpan<float> Near => [1, 0.5f, 0.25f];

    /// <summary>Likelihoods, 0..1, of logits.</summary>
    internal static float[] FromLogits(ReadOnlySpan<float> logits)
    {
        var likelihoods = new float[logits.Length];
        TensorPrimitives.Sigmoid(logits, likelihoods);
        return likelihoods;
    }

    /// <summary>
    /// The tempo of some beats in BPM: from the mean of the intervals near their median, so that a gap or a stray beat does not count; null
    /// for fewer than three beats.
    /// </summary>
    /// <param name="beats">Seconds, ascending.</param>
    internal static double? Tempo(ReadOnlySpan<double> beats)
    {
        if (beats.Length < FewestBeats)
            return null;
        double[] intervals = new double[beats.Length - 1];
        for (int i = 0; i < intervals.Length; i++)
            intervals[i] = beats[i + 1] - beats[i];
        Array.Sort(intervals);
        double median = intervals[intervals.Length / 2];
        return 60 / intervals.Where(interval => Math.Abs(interval - median) <= NearMedian * median).Average();
    }

    /// <summary>
    /// The beats in seconds, ascending. The autocorrelation cannot separate a period from its multiples, but the likelihoods can: of these,
    /// the one is taken whose beats have the highest F-measure to be expected, times how likely its tempo is.
    /// </summary>
    /// <param name="likelihoods">100 per second.</param>
    /// <param name="probabilityOf">How likely a tempo in BPM is, 0..1; null if all are alike.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal static double[] Beats(float[] likelihoods, Func<double, double>? probabilityOf = null,
        CancellationToken cancellationToken = default)
    {
        double period = BeatTracker.Period(likelihoods), expected = TensorPrimitives.Sum<float>(likelihoods) / SumOfBeat;
        double Weight(double candidate) => probabilityOf is null ? 1
            : LeastProbability + probabilityOf(60 * FrontEndSettings.FramesPerSecond / candidate);
        int[] best = Multiples.Select(multiple => multiple * period).Where(candidate => candidate is >= ShortestPeriod and <= LongestPeriod)
            .Select(candidate => (Beats: BeatTracker.Beats(likelihoods, candidate, cancellationToken), Weight: Weight(candidate)))
            .MaxBy(way => way.Weight * 2 * way.Beats.Sum(beat => likelihoods[beat]) / (way.Beats.Length + expected)).Beats ?? [];
        return Array.ConvertAll(best, frame => frame / FrontEndSettings.FramesPerSecond);
    }
}
