using MathNet.Numerics.Statistics;

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
        return [RankingMetrics.Macro(RankingMetrics.RocAuc, logits, truths),
            RankingMetrics.Macro(RankingMetrics.AveragePrecision, logits, truths)];
    }
}

/// <summary>Metrics of rankings, 0..1.</summary>
internal static class RankingMetrics
{
    /// <summary>
    /// Area under the ROC curve: the chance that a true item scores higher than a false one, a tie counting half (Mann-Whitney). NaN unless
    /// there are both.
    /// </summary>
    public static double RocAuc(IReadOnlyList<double> scores, IReadOnlyList<bool> truths)
    {
        double positives = truths.Count(truth => truth), negatives = truths.Count - positives;
        double[] ranks = scores.Ranks(RankDefinition.Average);
        double sum = ranks.Where((_, i) => truths[i]).Sum();
        return (sum - positives * (positives + 1) / 2) / (positives * negatives);
    }

    /// <summary>
    /// Average precision: the precision at each score, weighted by the recall that is gained there; items of equal score come together. NaN
    /// if nothing is true.
    /// </summary>
    public static double AveragePrecision(IReadOnlyList<double> scores, IReadOnlyList<bool> truths)
    {
        double positives = truths.Count(truth => truth), found = 0, seen = 0, sum = 0;
        foreach (var equal in Enumerable.Range(0, scores.Count).GroupBy(i => scores[i]).OrderByDescending(group => group.Key))
        {
            double gained = equal.Count(i => truths[i]);
            seen += equal.Count();
            found += gained;
            sum += gained / positives * (found / seen);
        }
        return positives == 0 ? double.NaN : sum;
    }

    /// <summary>The mean over labels that have both true and false items.</summary>
    /// <param name="metric">One of the above.</param>
    /// <param name="scores">[items][labels].</param>
    /// <param name="truths">[items][labels].</param>
    public static double Macro(Func<IReadOnlyList<double>, IReadOnlyList<bool>, double> metric, IReadOnlyList<float[]> scores,
        IReadOnlyList<bool[]> truths) =>
        Enumerable.Range(0, truths[0].Length)
            .Where(label => truths.Any(truth => truth[label]) && truths.Any(truth => !truth[label]))
            .Select(label => metric([.. scores.Select(score => (double)score[label])], [.. truths.Select(truth => truth[label])]))
            .DefaultIfEmpty(double.NaN).Average();
}
