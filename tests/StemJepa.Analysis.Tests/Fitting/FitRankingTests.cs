namespace StemJepa.Analysis.Tests;

/// <summary>The order of candidates that were fitted. Oracle: fits that are given.</summary>
public sealed class FitRankingTests
{
    /// <summary>Three are fitted: the one with the highest affinity has the lowest score, and one cannot be fitted.</summary>
    [Fact]
    public void The_score_orders_what_is_fitted_and_not_the_affinity()
    {
        int done = 0;
        FitRanking<string> ranking = FitRanking<string>.Create(["alike", "broken", "tuned", "right", "not fitted"], 4,
            name => name switch
            {
                "alike" => Fit(affinity: 0.9f, score: 11),
                "tuned" => Fit(affinity: 0.5f, score: 22),
                "right" => Fit(affinity: 0.6f, score: 33),
                _ => throw new StemJepaException($"{name} cannot be read."),
            }, () => done++, CancellationToken.None);
        Assert.Equal(["right", "tuned", "alike", "broken", "not fitted"], ranking.Results.Select(result => result.Candidate));
        Assert.Equal([33f, 22f, 11f, null, null], ranking.Results.Select(result => result.Fit?.Score));
        Assert.Equal([("broken", "broken cannot be read.")], ranking.Skipped);
        Assert.Equal(4, done);
    }

    private static StemFit Fit(float affinity, float score) => new()
    {
        Stem = Stem.Bass,
        Semitones = 0,
        TempoRatio = 1,
        Start = TimeSpan.Zero,
        Length = TimeSpan.FromSeconds(8),
        AffinityBefore = 0,
        Affinity = affinity,
        Score = score,
        IsLoop = false,
        MixTempo = 120,
        CandidateTempo = 120,
        MixKey = new MusicalKey(0, false),
        CandidateKey = new MusicalKey(0, false),
    };
}
