using CsCheck;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

using Harmony = StemJepa.Training.Corpora.Harmony;

/// <summary>Oracle: harmony does not depend on the tonic.</summary>
public sealed class HarmonyTests
{
    private static readonly Gen<GenreFamily> Families = Gen.Int[0, Enum.GetValues<GenreFamily>().Length - 1].Select(i => (GenreFamily)i);

    private static IReadOnlyList<IReadOnlyList<Chord>> Section(Key key, int bars, GenreFamily family, bool divide, bool first, int seed) =>
        Harmony.Section(key, bars, family, divide, first, new Random(seed));

    [Fact]
    public void ATransposedSectionIsTheSectionInTheTransposedKey() =>
        Gen.Select(Gen.Int[0, 11], Gen.Bool, Gen.Int[1, 11], Gen.Int[1, 4].Select(i => 4 * i), Families, Gen.Int)
            .Sample((tonic, minor, up, bars, family, seed) =>
        {
            var key = new Key(tonic, minor);
            IReadOnlyList<IReadOnlyList<Chord>> here = Section(key, bars, family, true, true, seed),
                there = Section(key.Transpose(up), bars, family, true, true, seed);
            Assert.Equal(here.Select(bar => bar.Select(c => c.Transpose(up))), there);
        });

    [Fact]
    public void SectionsHaveTheirBarsAndBeginAtHome() =>
        Gen.Select(Gen.Int[0, 11], Gen.Bool, Gen.Int[2, 16], Families, Gen.Bool, Gen.Int)
            .Sample((tonic, minor, bars, family, divide, seed) =>
        {
            IReadOnlyList<IReadOnlyList<Chord>> section = Section(new Key(tonic, minor), bars, family, divide, true, seed);
            Assert.Equal(bars, section.Count);
            Assert.All(section, bar => Assert.InRange(bar.Count, 1, divide ? 2 : 1));
            if (bars > 2) Assert.Equal(tonic, section[0][0].Root);
        });

    [Fact]
    public void SectionsOfDifferentSeedsDiffer()
    {
        string[] sections = [.. Enumerable.Range(0, 100).Select(seed => string.Join(' ',
            Section(new Key(0, false), 8, GenreFamily.Jazz, true, true, seed).SelectMany(b => b).Select(c => c.Name)))];
        Assert.True(sections.Distinct().Count() >= 99);
    }

    [Theory]
    [InlineData(0, ChordQuality.Major7, "Cmaj7", new[] { 60, 64, 67, 71 })]
    [InlineData(6, ChordQuality.HalfDiminished, "F#m7b5", new[] { 54, 57, 60, 64 })]
    [InlineData(10, ChordQuality.FlatNinth, "Bb7b9", new[] { 58, 62, 65, 68, 59 })]
    public void ChordsAreSpelledAsInTextbooks(int root, ChordQuality quality, string name, int[] pitches)
    {
        var chord = new Chord(root, quality);
        Assert.Equal(name, chord.Name);
        Assert.Equal(pitches.Select(p => p % 12).Order(), Enumerable.Range(0, 12).Where(chord.Holds));
    }
}
