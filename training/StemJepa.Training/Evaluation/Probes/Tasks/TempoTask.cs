using System.Numerics.Tensors;
using StemJepa.Training.Evaluation.Probes.Metrics;

namespace StemJepa.Training.Evaluation.Probes.Tasks;

/// <summary>
/// The tempo, as a distribution over classes of equal ratio, 36 an octave; the estimate is the likeliest with its neighbours, weighted. Acc1
/// and Acc2. Tempi outside of 30 to 300 beats a minute count as the nearest of these.
/// </summary>
internal sealed class TempoTask : ProbeTask
{
    private const double Slowest = 30, Fastest = 300;
    private const int ClassesPerOctave = 36, Neighbours = 2;

    private static readonly int Classes = 1 + (int)Math.Ceiling(ClassesPerOctave * Math.Log2(Fastest / Slowest));

    public override string Name => Tempo;

    public override IReadOnlyList<string> Metrics => ["acc1", "acc2"];

    public override int Outputs => Classes;

    /// <summary>A Gaussian over the classes, one class wide, about the tempo.</summary>
    public override float[] Targets(ProbeLabel label, int rows)
    {
        double at = ClassesPerOctave * Math.Log2(Math.Clamp(label.Tempo, Slowest, Fastest) / Slowest);
        float[] target = [.. Enumerable.Range(0, Classes).Select(i => (float)Math.Exp(-0.5 * (i - at) * (i - at)))];
        TensorPrimitives.Divide(target, TensorPrimitives.Sum<float>(target), target);
        return [.. Enumerable.Repeat(target, rows).SelectMany(row => row)];
    }

    public override double[] Score(IReadOnlyList<ProbeLabel> labels, IReadOnlyList<float[]> logits)
    {
        double[] truths = [.. labels.Select(label => label.Tempo)], estimates = [.. logits.Select(Estimate)];
        return [TempoMetrics.Accuracy1(truths, estimates), TempoMetrics.Accuracy2(truths, estimates)];
    }

    /// <summary>Beats a minute.</summary>
    public static double Estimate(float[] logits)
    {
        int best = TensorPrimitives.IndexOfMax<float>(logits);
        double sum = 0, weights = 0;
        for (int i = Math.Max(0, best - Neighbours); i <= Math.Min(Classes - 1, best + Neighbours); i++)
        {
            double weight = Math.Exp(logits[i] - logits[best]);
            sum += weight * i;
            weights += weight;
        }
        return Slowest * Math.Pow(2, sum / weights / ClassesPerOctave);
    }
}
