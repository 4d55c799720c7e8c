namespace StemJepa.Analysis.Tests;

/// <summary>Worked by hand, on the circle of fifths.</summary>
public sealed class MatchTests
{
    [Theory]
    [InlineData("A minor", "A minor", KeyRelation.Same, 0)]
    [InlineData("A minor", "C major", KeyRelation.Relative, 0)]
    [InlineData("C major", "A minor", KeyRelation.Relative, 0)]
    [InlineData("C major", "G major", KeyRelation.Fifth, 0)]
    [InlineData("C major", "F major", KeyRelation.Fifth, 0)]
    [InlineData("C major", "C minor", KeyRelation.Parallel, -3)]
    [InlineData("C major", "C# major", KeyRelation.Far, -1)]
    [InlineData("C major", "D major", KeyRelation.Far, -2)]
    [InlineData("C major", "F# major", KeyRelation.Far, 1)]
    [InlineData("A minor", "Bb minor", KeyRelation.Far, -1)]
    public void Keys_relate_as_on_the_circle_of_fifths(string mix, string candidate, KeyRelation relation, int semitones) =>
        Assert.Equal(new KeyMatch(relation, semitones), KeyMatch.Between(MusicalKey.Parse(mix), MusicalKey.Parse(candidate)));

    [Theory]
    [InlineData(120, 120, TempoRelation.Same, 1)]
    [InlineData(120, 96, TempoRelation.Same, 1.25)]
    [InlineData(120, 62, TempoRelation.Half, 60.0 / 62)]
    [InlineData(120, 230, TempoRelation.Double, 240.0 / 230)]
    [InlineData(87, 174, TempoRelation.Double, 1)]
    public void Tempi_relate_up_to_half_and_double(double mix, double candidate, TempoRelation relation, double ratio)
    {
        TempoMatch match = TempoMatch.Between(mix, candidate);
        Assert.Equal(relation, match.Relation);
        Assert.Equal(ratio, match.Ratio, 1e-12);
    }
}
