using StemJepa.Reporting;

namespace StemJepa.Tool.Tests;

/// <summary>What the words for rhythm in time mean, on the demo's songs. Oracle: where their stems belong.</summary>
public sealed class RhythmRelationTests
{
    /// <summary>Seconds: off the beat, and off its eighths and sixteenths at usual tempi.</summary>
    private const double Late = 0.09;

    [Fact]
    public void Stems_in_place_are_tight_far_more_often_than_late_ones_which_are_mostly_apart()
    {
        List<RhythmRelation> inPlace = [], late = [];
        foreach (DemoSong song in DemoSongs.Load())
        {
            for (int stem = 0; stem < song.Stems.Count; stem++)
            {
                RhythmCurve mix = CurveOf(song.MixWithout(Stem.Roles[stem])), own = CurveOf(song.Stems[stem]);
                inPlace.Add(StemFit.RelationOf((float)mix.Match(own, 1, 0).Correlation));
                late.Add(StemFit.RelationOf((float)mix.Match(own, 1, Late).Correlation));
            }
        }
        Assert.True(Share(inPlace, RhythmRelation.Tight) >= 0.33, $"tight in place: {Share(inPlace, RhythmRelation.Tight):0.00}");
        Assert.True(Share(late, RhythmRelation.Tight) <= 0.05, $"tight and late: {Share(late, RhythmRelation.Tight):0.00}");
        Assert.True(Share(late, RhythmRelation.Apart) >= 0.85, $"apart and late: {Share(late, RhythmRelation.Apart):0.00}");
    }

    private static double Share(List<RhythmRelation> all, RhythmRelation one) => (double)all.Count(relation => relation == one) / all.Count;

    private static RhythmCurve CurveOf(AudioClip clip) =>
        RhythmCurve.FromDynamics(BandDynamics.Compute(clip.Resample(16000).Samples.ToArray(), CancellationToken.None));
}
