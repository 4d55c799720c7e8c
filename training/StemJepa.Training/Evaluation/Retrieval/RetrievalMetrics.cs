using System.Text.Json.Serialization;
using MathNet.Numerics.Statistics;

namespace StemJepa.Training.Evaluation;

/// <summary>Retrieval figures measured over some queries, from the rank of each true target among all targets, from 1.</summary>
internal sealed record RetrievalMetrics : RetrievalFigures
{
    [JsonPropertyName("queries")]
    public int Queries { get; init; }

    public static RetrievalMetrics FromRanks(IReadOnlyList<int> ranks, int targets)
    {
        double RecallAt(int k) => ranks.Count(rank => rank <= k) / (double)ranks.Count;
        double[] normalised = [.. ranks.Select(rank => (double)rank / targets)];
        return new RetrievalMetrics
        {
            Queries = ranks.Count,
            RecallAt1 = RecallAt(1),
            RecallAt5 = RecallAt(5),
            RecallAt10 = RecallAt(10),
            MeanNormalizedRank = normalised.Mean(),
            MedianNormalizedRank = normalised.Median(),
        };
    }

    /// <summary>
    /// The figures of several disjoint sets of queries together: means weighted by their queries, the median of each set too.
    /// </summary>
    public static RetrievalMetrics Average(IReadOnlyList<RetrievalMetrics> sets)
    {
        int queries = sets.Sum(set => set.Queries);
        double Mean(Func<RetrievalMetrics, double> figure) => sets.Sum(set => set.Queries * figure(set)) / queries;
        return new RetrievalMetrics
        {
            Queries = queries,
            RecallAt1 = Mean(set => set.RecallAt1),
            RecallAt5 = Mean(set => set.RecallAt5),
            RecallAt10 = Mean(set => set.RecallAt10),
            MeanNormalizedRank = Mean(set => set.MeanNormalizedRank),
            MedianNormalizedRank = Mean(set => set.MedianNormalizedRank),
        };
    }

    /// <summary>
    /// How often the true target would come first among <paramref name="candidates"/>, itself and others drawn at random without
    /// replacement from the <paramref name="targets"/> - 1 others; exact, from the hypergeometric distribution: C(n - r, k - 1) / C(n - 1,
    /// k - 1) for rank r. Average over the queries.
    /// </summary>
    public static double TopAmong(IReadOnlyList<int> ranks, int targets, int candidates)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(candidates, targets);
        return ranks.Average(rank => Enumerable.Range(0, candidates - 1)
            .Aggregate(1.0, (share, drawn) => share * Math.Max(0, targets - rank - drawn) / (targets - 1 - drawn)));
    }

    /// <summary>
    /// The share of queries whose true target is among the first k, for k = 1, 2, ... up to <paramref name="last"/> or the number of
    /// targets.
    /// </summary>
    public static IReadOnlyList<double> RecallCurve(IReadOnlyList<int> ranks, int targets, int last) =>
        [.. Enumerable.Range(1, Math.Min(last, targets)).Select(k => ranks.Count(rank => rank <= k) / (double)ranks.Count)];
}

/// <summary>
/// The retrieval figures of the paper (section 4.2), or the difference of two sets of them; recalls are shares, normalised ranks are rank /
/// targets.
/// </summary>
internal record RetrievalFigures
{
    [JsonPropertyName("recall@1")]
    public double RecallAt1 { get; init; }

    [JsonPropertyName("recall@5")]
    public double RecallAt5 { get; init; }

    [JsonPropertyName("recall@10")]
    public double RecallAt10 { get; init; }

    [JsonPropertyName("mean_normalized_rank")]
    public double MeanNormalizedRank { get; init; }

    [JsonPropertyName("median_normalized_rank")]
    public double MedianNormalizedRank { get; init; }

    /// <summary>These figures less others, figure by figure.</summary>
    public RetrievalFigures Less(RetrievalFigures others) => new()
    {
        RecallAt1 = RecallAt1 - others.RecallAt1,
        RecallAt5 = RecallAt5 - others.RecallAt5,
        RecallAt10 = RecallAt10 - others.RecallAt10,
        MeanNormalizedRank = MeanNormalizedRank - others.MeanNormalizedRank,
        MedianNormalizedRank = MedianNormalizedRank - others.MedianNormalizedRank,
    };
}
