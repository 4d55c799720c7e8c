using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>Two songs of two stems whose affinities are written by hand.</summary>
public sealed class FailureReportTests
{
    private static readonly RetrievalQuery[] Queries =
        [new("a", Stem.Bass), new("a", Stem.Drums), new("b", Stem.Bass), new("b", Stem.Drums)];

    private static readonly Dictionary<string, QueryFacts> Facts = new()
    {
        ["a"] = new QueryFacts(Key("C major"), 120, "one", IsReal: true),
        ["b"] = new QueryFacts(Key("D major"), 62, "two", IsReal: false),
    };

    /// <summary>Ranks 1, 2, 4, 3: the second prefers the same song, the third another, the fourth the other drums.</summary>
    private static AffinityMatrix Affinities()
    {
        float[][] rows = [[4, 1, 2, 3], [5, 4, 2, 1], [9, 3, 1, 2], [1, 8, 7, 2]];
        var matrix = new AffinityMatrix(rows.Length);
        for (int query = 0; query < rows.Length; query++)
            rows[query].CopyTo(matrix.Row(query));
        return matrix;
    }

    private static FailureReport Report(Func<QueryOutcome, FailureClips>? clipsOf = null) =>
        FailureReport.Create("tiny", "small", Queries, Affinities(),
        QueryOutcome.FromQueries(Queries, Affinities(), [-20, 0.5, 7, double.PositiveInfinity], song => Facts[song]), 2, clipsOf,
            new Provenance("2026-11-24", "none", "none"));

    [Fact]
    public void Cases_are_the_worst_of_their_kind()
    {
        FailureReport report = Report();
        Assert.Equal([("b", "bass", 4), ("b", "drums", 3)], report.Worst.Select(item => (item.Song, item.Stem, item.Rank)));
        Assert.Equal([("a", "drums", "bass")], report.RightSongWrongStem.Select(item => (item.Song, item.Stem, item.PreferredStem)));
        Assert.Equal(["bass", "drums"], report.WrongSongRightStem.Select(item => item.Stem));
        Assert.Equal((3, 1 / 3.0, 2 / 3.0), (report.Misses.Misses, report.Misses.RightSongWrongStem, report.Misses.RightStemWrongSong));
        Assert.Equal(0.25, report.All.RecallAt1);
        Assert.Null(report.Worst[1].Loudness);
    }

    [Fact]
    public void Groups_share_out_all_queries_and_confusions_all_misses_in_other_songs()
    {
        FailureReport report = Report();
        Assert.All(report.Groups.Values, groups => Assert.Equal(4, groups.Sum(group => group.Queries)));
        Assert.Equal([("one", 0.5), ("two", 0.0)], report.Groups["soundfont"].Select(group => (group.Name, group.RecallAt1)));
        Assert.Equal(["up to -18 dB", "0 to 6 dB", "over 6 dB"], report.Groups["loudness"].Select(group => group.Name));
        ConfusionGroup key = Assert.Single(report.Confusions["key_distance"]), tempo = Assert.Single(report.Confusions["tempo_ratio"]);
        Assert.Equal(("2 fifths", 2, 1.0, 1.0), (key.Name, key.Misses, key.Share, key.Chance));
        Assert.Equal("0.5 to 4 %", tempo.Name);
    }

    /// <summary>By the scales: C and G major differ in one note, C major and A minor in none, C and F# major in six of them.</summary>
    [Theory]
    [InlineData("C major", "A minor", 0)]
    [InlineData("C major", "G major", 1)]
    [InlineData("C major", "D minor", 1)]
    [InlineData("Eb major", "E major", 5)]
    [InlineData("C major", "F# major", 6)]
    public void Key_distance_counts_fifths_between_scales(string key, string other, int fifths)
    {
        Assert.Equal(fifths, Differences.KeyDistance(Key(key), Key(other)));
        Assert.Equal(fifths, Differences.KeyDistance(Key(other), Key(key)));
        Assert.Null(Differences.KeyDistance(Key(key), null));
    }

    private static MusicalKey Key(string name) => MusicalKey.TryParse(name, out MusicalKey key) ? key : throw new ArgumentException(name);
}
