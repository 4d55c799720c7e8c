namespace StemJepa.Training.Evaluation;

/// <summary>How tempo estimates are judged (Gouyon et al. 2006), as shares 0..1.</summary>
internal static class TempoMetrics
{
    private const double Tolerance = 0.04, Rounding = 1e-9;

    private static readonly double[] MetricalLevels = [1, 2, 3, 1.0 / 2, 1.0 / 3];

    /// <summary>Acc1: within 4 % of the true tempo.</summary>
    public static double Accuracy1(IReadOnlyList<double> truths, IReadOnlyList<double> estimates) => truths.Zip(estimates, IsNear).Average();

    /// <summary>Acc2: within 4 % of the true tempo, its double, triple, half or third.</summary>
    public static double Accuracy2(IReadOnlyList<double> truths, IReadOnlyList<double> estimates) =>
        truths.Zip(estimates, (truth, estimate) => MetricalLevels.Max(level => IsNear(truth * level, estimate))).Average();

    private static double IsNear(double truth, double estimate) => Math.Abs(estimate - truth) <= (Tolerance + Rounding) * truth ? 1 : 0;
}
