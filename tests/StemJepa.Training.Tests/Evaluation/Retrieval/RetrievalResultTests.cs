using CsCheck;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>Figures of matrices small enough to rank by hand, and against counting every draw.</summary>
public sealed class RetrievalResultTests
{
    private static readonly RetrievalQuery[] Queries =
    [
        new("a", Stem.Bass), new("a", Stem.Drums), new("composed_1", Stem.Bass), new("composed_1", Stem.Drums), new("a~01", Stem.Bass),
            new("b", Stem.Bass),
    ];

    [Fact]
    public void By_hand()
    {
        RetrievalResult result = RetrievalResult.Compute(Queries, ByHand());

        Assert.Equal(4, result.Songs);
        Assert.Equal(2 / 6.0, result.All.RecallAt1, 1e-12);
        Assert.Equal((1 + 2 + 1 + 3 + 2 + 2) / 36.0, result.All.MeanNormalizedRank, 1e-12);
        Assert.Equal(2 / 4.0, result.PerStem["bass"].RecallAt1, 1e-12);
        Assert.Equal(0, result.PerStem["drums"].RecallAt1);
        Assert.Equal(4, result.Misses.Misses);
        Assert.Equal(0.25, result.Misses.RightSongWrongStem);
        Assert.Equal(0.5, result.Misses.RightStemWrongSong);
        Assert.Equal(0.25, result.Misses.BothWrong);
        Assert.Equal([2 / 6.0, 5 / 6.0, 1, 1, 1, 1], result.RecallCurve);
        Assert.Empty(result.SameStemTop1);
        // Bass: ranks 1, 1, 2, 1 among four; drums: 1 and 2 among two.
        Assert.Equal(4 / 6.0, result.SameStem.RecallAt1, 1e-12);
    }

    [Fact]
    public void Real_songs_are_ranked_among_themselves()
    {
        RetrievalResult real = RetrievalResult.ComputeRealSongs(Queries, ByHand())!;
        Assert.Equal(2, real.Songs);
        Assert.Equal(3, real.All.Queries);
        // The bass of b loses to the drums of a only; the drums of a to its bass.
        Assert.Equal((1 + 2 + 2) / 9.0, real.All.MeanNormalizedRank, 1e-12);
        Assert.Null(RetrievalResult.ComputeRealSongs([Queries[2], Queries[4]], new AffinityMatrix(2)));
    }

    [Fact]
    public void Gap_is_the_difference()
    {
        RealSongsFigures real = RealSongsFigures.Create([MeasuredMethod.Compute("model", Queries, ByHand())])!;
        Assert.Equal(1 / 3.0 - 2 / 6.0, real.Gap["model"].RecallAt1, 1e-12);
        Assert.Equal(5 / 9.0 - 11 / 36.0, real.Gap["model"].MeanNormalizedRank, 1e-12);
    }

    [Fact]
    public void Ties_and_not_a_number_count_against_the_true_target()
    {
        Assert.Equal([3, 3, 3], new AffinityMatrix(3).Ranks());
        Assert.Equal([3, 3, 3], AffinityMatrix.Compute(3, (_, _) => float.NaN).Ranks());
        Assert.Equal([2, 2], AffinityMatrix.Compute(2, (query, target) => query == target ? 1 : float.NaN).Ranks());
    }

    [Fact]
    public void First_among_k_equals_the_share_of_all_draws() =>
        Gen.Int[2, 9].SelectMany(targets => Gen.Select(Gen.Const(targets), Gen.Int[1, targets], Gen.Int[1, targets]))
            .Sample((targets, rank, candidates) =>
        {
            // The others are numbered by rank; the true target comes first if no drawn one is among the rank - 1 better ones.
            int[] draws = [.. Enumerable.Range(0, 1 << targets - 1).Where(set => int.PopCount(set) == candidates - 1)];
            double expected = draws.Count(set => (set & ((1 << rank - 1) - 1)) == 0) / (double)draws.Length;
            Assert.Equal(expected, RetrievalMetrics.TopAmong([rank], targets, candidates), 1e-12);
        });

    [Fact]
    public void First_among_all_is_recall_at_1_and_among_one_is_certain()
    {
        int[] ranks = [1, 4, 1, 9, 16];
        Assert.Equal(RetrievalMetrics.FromRanks(ranks, 16).RecallAt1, RetrievalMetrics.TopAmong(ranks, 16, 16), 1e-12);
        Assert.Equal(1, RetrievalMetrics.TopAmong(ranks, 16, 1));
    }

    private static AffinityMatrix ByHand()
    {
        float[][] rows =
        [
            [9, 1, 2, 3, 4, 5],
            [9, 8, 1, 2, 3, 4],
            [1, 2, 9, 3, 4, 5],
            [1, 9, 8, 7, 2, 3],
            [1, 2, 3, 4, 8, 9],
            [1, 9, 2, 3, 4, 8],
        ];
        return AffinityMatrix.Compute(rows.Length, (query, target) => rows[query][target]);
    }
}
