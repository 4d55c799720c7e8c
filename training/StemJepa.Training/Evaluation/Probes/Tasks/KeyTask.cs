using StemJepa.Training.Evaluation.Probes.Metrics;

namespace StemJepa.Training.Evaluation.Probes.Tasks;

/// <summary>One of the 24 keys: MIREX weighted score and accuracy.</summary>
internal sealed class KeyTask() : ClassTask(Key, KeyClasses.Names)
{
    public override IReadOnlyList<string> Metrics => ["weighted_score", Accuracy];

    protected override double[] Score(int[] truths, int[] estimates) => [KeyMetrics.WeightedScore(truths, estimates), .. base.Score(truths, estimates)];
}
