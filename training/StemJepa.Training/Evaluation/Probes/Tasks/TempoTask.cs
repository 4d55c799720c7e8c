using System.Numerics.Tensors;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// The tempo, as a distribution over <see cref="TempoClasses"/>: Acc1 and Acc2.
/// </summary>
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

    public override ProbeLabel Varied(ProbeLabel label, int semitones) => ProbeLabel.OfTempo(label.Tempo * Varispeed.SpeedOf(semitones));

    public override double[] Score(IReadOnlyList<ProbeLabel> labels, IReadOnlyList<float[]> logits)
    {
        double[] truths = [.. labels.Select(label => label.Tempo)], estimates = [.. logits.Select(values => TempoClasses.Estimate(values))];
        return [TempoMetrics.Accuracy1(truths, estimates), TempoMetrics.Accuracy2(truths, estimates)];
    }
}
