namespace StemJepa.Training.Evaluation;

/// <summary>Any number of tags: ROC-AUC and average precision, means over the tags.</summary>
internal sealed class TagTask(IReadOnlyList<string> tags) : ProbeTask
{
    public override string Name => ProbeTask.Tags;

    /// <summary>The tags' names.</summary>
    public IReadOnlyList<string> Classes => tags;

    public override IReadOnlyList<string> Metrics => ["roc_auc", "average_precision"];

    public override int Outputs => tags.Count;

    public override bool IsExclusive => false;

    public override float[] Targets(ProbeLabel label, int rows) =>
        [.. Enumerable.Repeat(label.Tags.Select(tag => tag ? 1f : 0f), rows).SelectMany(row => row)];

    public override double[] Score(IReadOnlyList<ProbeLabel> labels, IReadOnlyList<float[]> logits)
    {
        bool[][] truths = [.. labels.Select(label => label.Tags.ToArray())];
        return [RankingMetrics.Macro(RankingMetrics.RocAuc, logits, truths), RankingMetrics.Macro(RankingMetrics.AveragePrecision, logits, truths)];
    }
}
