namespace StemJepa.Training.Evaluation;

/// <summary>How MIREX judges estimated keys, 0..1. Keys are classes of <see cref="KeyClasses"/>.</summary>
internal static class KeyMetrics
{
    private const double Fifth = 0.5, Relative = 0.3, Parallel = 0.2;

    /// <summary>
    /// 1 for the right key, 0.5 for one that is a perfect fifth above in the same mode, 0.3 for the relative key, 0.2 for the parallel one, else 0.
    /// </summary>
    public static double Score(int truth, int estimate)
    {
        int up = (estimate - truth + KeyClasses.Count) % KeyClasses.PitchClasses;
        bool isMinor = truth >= KeyClasses.PitchClasses, sameMode = isMinor == estimate >= KeyClasses.PitchClasses;
        return (sameMode, up) switch
        {
            (true, 0) => 1,
            (true, 7) => Fifth,
            (false, 0) => Parallel,
            (false, 9) when !isMinor => Relative,
            (false, 3) when isMinor => Relative,
            _ => 0,
        };
    }

    /// <summary>The mean of <see cref="Score"/>.</summary>
    public static double WeightedScore(IReadOnlyList<int> truths, IReadOnlyList<int> estimates) => truths.Zip(estimates, Score).Average();
}
