using CsCheck;
using StemJepa.Reporting;
using StemJepa.Tool.Demo;

namespace StemJepa.Tool.Tests;

public sealed class DemoRankingTests
{
    [Fact]
    public void Rank_and_best_are_those_of_a_sorted_list() => Gen.Float[-1, 1].Array2D[6, 6].Sample(affinities =>
    {
        var ranking = new DemoRanking(Stem.Bass, affinities);
        for (int song = 0; song < 6; song++)
        {
            int[] order = [.. Enumerable.Range(0, 6).OrderByDescending(candidate => affinities[song, candidate])
                .ThenBy(candidate => candidate == song)];
            Assert.Equal(Array.IndexOf(order, song) + 1, ranking.RankOfTrue(song));
            Assert.Equal(affinities[song, order[0]], affinities[song, ranking.Best(song)]);
        }
    });

    [Fact]
    public void Equal_affinities_do_not_count_as_found()
    {
        var ranking = new DemoRanking(Stem.Bass, new float[3, 3]);
        Assert.Equal(3, ranking.RankOfTrue(0));
        Assert.NotEqual(0, ranking.Best(0));
    }

    [Fact]
    public void Mix_without_a_stem_is_the_sum_of_the_others()
    {
        AudioClip[] stems = [.. Enumerable.Range(0, 4).Select(power => new AudioClip(new float[] { 1 << power, 0 }, 16000))];
        var song = new DemoSong("Song", stems);
        foreach (Stem stem in Stem.Roles)
            Assert.Equal([15 - (1 << stem.Role), 0], song.MixWithout(stem).Samples.ToArray());
    }

    [Fact]
    public void Summary_gives_the_hits_beside_chance()
    {
        var report = new DemoReport(12, 2, 0.5, [new("A", "bass", 1, "A"), new("A", "drums", 3, "B")], "p.png");
        string summary = DemoTable.Summarize(report);
        Assert.Contains("1 of 2", summary);
        Assert.Contains("50 %", summary);
        Assert.Contains(" 8 %", summary);
    }
}
