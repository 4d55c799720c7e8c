using StemJepa.Training.Corpora;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>Figures of shifts against values worked by hand.</summary>
public sealed class ShiftFiguresTests
{
    private static ShiftQuery Query(double shift, SongTiming? timing) =>
        new(Stem.Bass, new AudioClip(new float[1], 16000), new AudioClip(new float[1], 16000), shift, timing);

    /// <summary>The true shift is 1 s; a beat is 0.5 s and a bar 2 s.</summary>
    [Theory]
    [InlineData(1, 1, 1, 1, 1, 1)]
    [InlineData(1.16, 1, 1, 1, 1, 1)]
    [InlineData(0.8, 0, 1, 1, 0, 0)]
    [InlineData(1.5, 0, 1, 1, 1, 0)]
    [InlineData(3.1, 0, 0, 0, 1, 1)]
    [InlineData(-1, 0, 0, 1, 1, 1)]
    [InlineData(-1.3, 0, 0, 0, 0, 0)]
    [InlineData(17.1, 0, 0, 0, 1, 1)]
    public void One_shift(double found, double patch, double beat, double bar, double moduloBeat, double moduloBar) => Assert.Equal(
        new ShiftHits(patch, beat, bar, moduloBeat, moduloBar), ShiftHits.FromShift(Query(1, new SongTiming(0.5, 2)), found));

    /// <summary>
    /// -0.32, -0.16, 0, 0.16 and 0.32 s are 0.42, 0.26, 0.1, 0.06 and 0.22 s off, and 0.02, 0.14, 0.1, 0.06 and 0.18 s off whole beats of
    /// 0.4 s.
    /// </summary>
    [Fact]
    public void Chance_is_the_share_of_the_searched_shifts()
    {
        var range = new ShiftRange(-0.32, 5);
        Assert.Equal(new ShiftHits(2 / 5.0, 4 / 5.0, 1, 4 / 5.0, 2 / 5.0),
            ShiftHits.FromChance(Query(0.1, new SongTiming(0.4, 1.1)), range));
        Assert.Equal(new ShiftHits(2 / 5.0, null, null, null, null), ShiftHits.FromChance(Query(0.1, null), range));
        Assert.Equal(0.32, range.Last, 12);
    }

    [Fact]
    public void Figures_of_beats_are_of_the_songs_that_have_them()
    {
        ShiftHits hit = ShiftHits.FromShift(Query(0, new SongTiming(0.5, 2)), 0),
            miss = ShiftHits.FromShift(Query(0, new SongTiming(0.5, 2)), 1.9), untimed = ShiftHits.FromShift(Query(0, null), 5);
        ShiftResult result = ShiftResult.FromQueries([(Stem.Drums, hit), (Stem.Bass, miss), (Stem.Drums, untimed)]);
        Assert.Equal((3, 2, 1 / 3.0), (result.All.Queries, result.All.TimedQueries, result.All.WithinPatch));
        Assert.Equal((0.5, 1, 1, 1),
            (result.All.WithinBeat, result.All.WithinBar, result.All.WithinPatchModuloBeat, result.All.WithinPatchModuloBar));
        Assert.Equal(["bass", "drums"], result.PerStem.Keys);
        Assert.Equal((0, 0.5), (result.PerStem["bass"].WithinPatch, result.PerStem["drums"].WithinPatch));
        Assert.Null(ShiftResult.FromQueries([(Stem.Drums, untimed)]).All.WithinBar);
    }

    [Fact]
    public void Beats_come_from_the_beats_or_from_the_tempo_of_the_moment()
    {
        SongRecord written = Song() with { TempoMap = [new TempoRecord(0, 120), new TempoRecord(10, 60)] };
        Assert.Equal(new SongTiming(0.5, 2), SongTiming.FromRecord(written, 9));
        Assert.Equal(new SongTiming(1, 3), SongTiming.FromRecord(written with { Metre = "3/4" }, 10));
        Assert.Equal(new SongTiming(0.5, 1.5), SongTiming.FromRecord(written with { Metre = "6/8" }, 0));
        SongRecord composed = written with { Beats = [0.5, 1.25, 2, 2.75], Downbeats = [0.5, 2.75, 5] };
        Assert.Equal(new SongTiming(0.75, 2.25), SongTiming.FromRecord(composed, 20));
        Assert.Null(SongTiming.FromRecord(written with { TempoMap = [] }, 0));
    }

    private static SongRecord Song() => new()
    {
        Name = "a",
        Song = "a",
        Split = "test",
        Source = new SourceRecord("none", "1", "/", null, "MIT", ""),
        Soundfont = "none",
        Seconds = 60,
        Start = 0,
        TempoMap = [],
        Parts = new Dictionary<string, IReadOnlyList<PartRecord>>(),
        GainsDb = new Dictionary<string, double>(),
    };
}
