using System.Numerics.Tensors;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>The tempo, as a distribution over <see cref="TempoClasses"/>: Acc1 and Acc2.</summary>
internal sealed class TempoTask : ProbeTask
{
    public override string Name => Tempo;

    public override IReadOnlyList<string> Metrics => ["acc1", "acc2"];

    public override int Outputs => TempoClasses.Count;

    /// <summary>A Gaussian over the classes, one class wide, about the tempo.</summary>
    public override float[] Targets(ProbeLabel label, int rows)
    {
        double at = TempoClasses.PlaceOf(label.Tempo);
        float[] target = [.. Enumerable.Range(0, TempoClasses.Count).Select(i => (float)Math.Exp(-0.5 * (i - at) * (i - at)))];
        TensorPrimitives.Divide(target, TensorPrimitives.Sum<float>(target), target);
        return [.. Enumerable.Repeat(target, rows).SelectMany(row => row)];
    }

    public override ProbeLabel Varied(ProbeLabel label, int semitones) => ProbeLabel.FromTempo(label.Tempo * Varispeed.SpeedOf(semitones));

    public override double[] Score(IReadOnlyList<ProbeLabel> labels, IReadOnlyList<float[]> logits)
    {
        double[] truths = [.. labels.Select(label => label.Tempo)], estimates = [.. logits.Select(values => TempoClasses.Estimate(values))];
        return [TempoMetrics.Accuracy1(truths, estimates), TempoMetrics.Accuracy2(truths, estimates)];
    }
}

/// <summary>Metrics of tempo estimates (Gouyon et al. 2006), as shares 0..1.</summary>
internal static class TempoMetrics
{
    private const double Tolerance = 0.04, Rounding = 1e-9;

    private static readonly double[] MetricalLevels = [1, 2, 3, 1.0 / 2, 1.0 / 3];

    /// <summary>Acc1: within 4 % of the true tempo.</summary>
    public static double Accuracy1(IReadOnlyList<double> truths, IReadOnlyList<double> estimates) =>
        truths.Zip(estimates, IsNear).Average();

    /// <summary>Acc2: within 4 % of the true tempo, its double, triple, half or third.</summary>
    public static double Accuracy2(IReadOnlyList<double> truths, IReadOnlyList<double> estimates) =>
        truths.Zip(estimates, (truth, estimate) => MetricalLevels.Max(level => IsNear(truth * level, estimate))).Average();

    private static double IsNear(double truth, double estimate) => Math.Abs(estimate - truth) <= (Tolerance + Rounding) * truth ? 1 : 0;
}
