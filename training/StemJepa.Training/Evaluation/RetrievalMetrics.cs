using System.Text.Json.Serialization;
using MathNet.Numerics.Statistics;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// The retrieval figures of the paper (section 4.2): the rank of the true target among all targets by Euclidean distance from the query,
/// from 1; recalls are shares, 0..1; normalised ranks are rank / targets.
/// </summary>
internal sealed record RetrievalMetrics
{
    [JsonPropertyName("queries")]
    public int Queries { get; init; }

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

    public static RetrievalMetrics Of(IReadOnlyList<int> ranks, int targets)
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

    /// <summary>The figures of several disjoint sets of queries together: means weighted by their queries, the median of each set too.</summary>
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
    /// The rank, from 1, of target <c>i</c> for query <c>i</c>, for every query: one more than the targets that are nearer. A target at the
    /// same distance counts as nearer, so that a constant embedding earns nothing.
    /// </summary>
    public static int[] Ranks(IReadOnlyList<float[]> queries, IReadOnlyList<float[]> targets)
    {
        var ranks = new int[queries.Count];
        Parallel.For(0, queries.Count, query =>
        {
            float own = Distance(queries[query], targets[query]);
            ranks[query] = 1 + targets.Where((_, other) => other != query).Count(target => Distance(queries[query], target) <= own);
        });
        return ranks;
    }

    private static float Distance(float[] a, float[] b) => System.Numerics.Tensors.TensorPrimitives.Distance<float>(a, b);
}
