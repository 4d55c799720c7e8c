using CsCheck;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The oracles are values worked by hand from the definitions of MIREX and of scikit-learn, and brute force.</summary>
public sealed class ProbeMetricsTests
{
    [Theory]
    [InlineData("C major", 0)]
    [InlineData("D# minor", 15)]
    [InlineData("Eb minor", 15)]
    [InlineData("Cb major", 11)]
    [InlineData("B# major", 0)]
    [InlineData("g:min", 19)]
    [InlineData("-", null)]
    [InlineData("C minor / F# minor", null)]
    [InlineData("A-A# minor", null)]
    [InlineData("H minor", null)]
    [InlineData("  minor", null)]
    [InlineData("G minor/major", null)]
    public void Key_names_are_classes(string name, int? expected) => Assert.Equal(expected, KeyClasses.Parse(name));

    [Fact]
    public void Every_key_is_its_name() =>
        Assert.Equal(Enumerable.Range(0, 24).Cast<int?>(), KeyClasses.Names.Select(KeyClasses.Parse));

    /// <summary>MIREX: correct 1, perfect fifth 0.5, relative 0.3, parallel 0.2, other 0.</summary>
    [Theory]
    [InlineData("C major", "C major", 1)]
    [InlineData("C major", "G major", 0.5)]
    [InlineData("C major", "F major", 0)]
    [InlineData("A minor", "E minor", 0.5)]
    [InlineData("C major", "A minor", 0.3)]
    [InlineData("A minor", "C major", 0.3)]
    [InlineData("E minor", "G major", 0.3)]
    [InlineData("G major", "E minor", 0.3)]
    [InlineData("C major", "C minor", 0.2)]
    [InlineData("B minor", "B major", 0.2)]
    [InlineData("C major", "Eb minor", 0)]
    [InlineData("C minor", "A major", 0)]
    [InlineData("C major", "G minor", 0)]
    public void Keys_score_as_at_MIREX(string truth, string estimate, double expected) =>
        Assert.Equal(expected, KeyMetrics.Score(KeyClasses.Parse(truth)!.Value, KeyClasses.Parse(estimate)!.Value));

    /// <summary>Of the 24 estimates for any key, one scores 1, one 0.5, one 0.3 and one 0.2.</summary>
    [Fact]
    public void Every_key_has_its_four_near_keys() => Gen.Int[0, 23].Sample(truth =>
        Assert.Equal([0.2, 0.3, 0.5, 1], Enumerable.Range(0, 24).Select(estimate => KeyMetrics.Score(truth, estimate))
            .Where(score => score > 0).Order()));

    [Fact]
    public void Weighted_score_is_the_mean() => Assert.Equal((1 + 0.5 + 0) / 3, KeyMetrics.WeightedScore([0, 0, 0], [0, 7, 1]), 12);

    [Fact]
    public void Tempo_accuracy_is_within_four_per_cent()
    {
        double[] truths = [100, 100, 100, 100, 100, 100];
        double[] estimates = [104, 104.1, 96, 200, 33, 150];
        Assert.Equal(2 / 6.0, TempoMetrics.Accuracy1(truths, estimates), 12);
        Assert.Equal(4 / 6.0, TempoMetrics.Accuracy2(truths, estimates), 12);
        Assert.Equal(1, TempoMetrics.Accuracy2([60, 60, 60], [30, 180, 20.5]));
    }

    /// <summary>
    /// scikit-learn's own example: y = [0, 0, 1, 1], scores = [0.1, 0.4, 0.35, 0.8] give ROC-AUC 0.75 and average precision 0.83.
    /// </summary>
    [Fact]
    public void Rankings_score_as_in_the_documentation_of_scikit_learn()
    {
        double[] scores = [0.1, 0.4, 0.35, 0.8];
        bool[] truths = [false, false, true, true];
        Assert.Equal(0.75, RankingMetrics.RocAuc(scores, truths), 12);
        Assert.Equal(0.5 * 1 + 0.5 * 2 / 3, RankingMetrics.AveragePrecision(scores, truths), 12);
    }

    [Fact]
    public void Equal_scores_say_nothing()
    {
        double[] scores = [1, 1, 1, 1];
        bool[] truths = [true, false, false, false];
        Assert.Equal(0.5, RankingMetrics.RocAuc(scores, truths), 12);
        Assert.Equal(0.25, RankingMetrics.AveragePrecision(scores, truths), 12);
    }

    [Fact]
    public void The_area_is_the_share_of_pairs_in_the_right_order() =>
        Gen.Select(Gen.Int[0, 5], Gen.Bool).Array[2, 20].Where(items => items.Any(i => i.Item2) && items.Any(i => !i.Item2)).Sample(items =>
        {
            var pairs = from high in items where high.Item2 from low in items where !low.Item2 select high.Item1 > low.Item1 ? 1
                : high.Item1 == low.Item1 ? 0.5 : 0;
            Assert.Equal(pairs.Average(),
                RankingMetrics.RocAuc([.. items.Select(i => (double)i.Item1)], [.. items.Select(i => i.Item2)]), 9);
        });

    /// <summary>The third label is true of all: it says nothing of ranking, and is left out.</summary>
    [Fact]
    public void Macro_is_the_mean_over_labels_that_can_be_ranked()
    {
        float[][] scores = [[0.9f, 0.1f, 1], [0.1f, 0.2f, 2], [0.2f, 0.3f, 3]];
        bool[][] truths = [[true, true, true], [false, false, true], [false, true, true]];
        Assert.Equal((1 + 0.5) / 2, RankingMetrics.Macro(RankingMetrics.RocAuc, scores, truths), 12);
    }

    [Fact]
    public void Beats_count_once_within_seventy_milliseconds()
    {
        Assert.Equal(1, BeatMetrics.FMeasure([1, 2, 3], [1.07, 1.93, 3]));
        Assert.Equal(0, BeatMetrics.FMeasure([1, 2, 3], [1.071, 1.929, 3.2]));
        Assert.Equal(2.0 * 1 / (1 + 2), BeatMetrics.FMeasure([1], [0.97, 1.01]), 12);
        Assert.Equal(2.0 * 2 / (2 + 4), BeatMetrics.FMeasure([1, 2], [1, 1.5, 2, 2.5]), 12);
        Assert.Equal(0, BeatMetrics.FMeasure([], [1]));
        Assert.Equal(0, BeatMetrics.FMeasure([], []));
    }

    /// <summary>The law: no one-to-one matching has more hits. The oracle tries all of them.</summary>
    [Fact]
    public void Beats_are_matched_as_often_as_can_be()
    {
        Gen<double[]> beats = Gen.Int[0, 40].Array[0, 6].Select(ticks => ticks.Distinct().Order().Select(tick => tick * 0.03).ToArray());
        Gen.Select(beats, beats).Sample((truths, estimates) =>
        {
            int Most(int truth, int used) => truth == truths.Length ? 0 : Enumerable.Range(0, estimates.Length)
                .Where(i => (used & 1 << i) == 0 && Math.Abs(estimates[i] - truths[truth]) <= 0.0700001)
                .Select(i => 1 + Most(truth + 1, used | 1 << i)).Append(Most(truth + 1, used)).Max();
            int hits = Most(0, 0);
            Assert.Equal(hits == 0 ? 0 : 2.0 * hits / (truths.Length + estimates.Length), BeatMetrics.FMeasure(truths, estimates), 12);
        }, iter: 300);
    }
}
