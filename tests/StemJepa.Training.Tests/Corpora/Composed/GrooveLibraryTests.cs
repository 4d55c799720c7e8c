using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: mma's library as Debian 12 has it.</summary>
public sealed class GrooveLibraryTests
{
    [FactWithMma]
    public void OneFileInSixIsForTestsOnly()
    {
        GrooveLibrary library = GrooveLibrary.Read();
        IEnumerable<string> training = library.Split(isTest: false).Select(f => f.Name),
            test = library.Split(isTest: true).Select(f => f.Name);
        Assert.Empty(training.Intersect(test));
        Assert.Equal(library.Files.Select(f => f.Name).Order(), training.Concat(test).Order());
        Assert.InRange(library.Files.Count, 150, 300);
        Assert.InRange(test.Count(), library.Files.Count / 10, library.Files.Count / 4);
        Assert.True(library.Files.Sum(f => f.Grooves.Count) > 800);
    }

    [FactWithMma]
    public void IntroductionsEndingsAndFillsAreLeftOut()
    {
        IReadOnlyList<string> grooves = GrooveLibrary.Read().Files.Single(f => f.Name == "stdlib/bossanova").Grooves;
        Assert.Contains("BossaNova1SusPlus", grooves);
        Assert.DoesNotContain(grooves, g => g.Contains("Intro") || g.Contains("End") || g.Contains("Fill"));
    }

    [FactWithMma]
    public async Task AGrooveIsTriedForItsRolesAndMetre()
    {
        GrooveLibrary library = GrooveLibrary.Read();
        foreach ((string file, string metre, int barBeats, int barPulses, int pulseBeats) in new[]
        {
            ("stdlib/68swing", "6/8", 6, 2, 3), ("casio/68ballad", "6/8", 6, 2, 3), ("stdlib/68march", "6/8", 2, 2, 1),
            ("stdlib/ballad68", "12/8", 4, 4, 1), ("stdlib/afro-cuban", "3/4", 3, 3, 1),
        })
        {
            IReadOnlyList<Groove> usable = await library.Files.Single(f => f.Name == file).UsableAsync(CancellationToken.None);
            Assert.NotEmpty(usable);
            Assert.All(usable, g => Assert.Equal(
                (metre, barBeats, barPulses, pulseBeats), (g.Metre, g.BarBeats, g.BarPulses, g.PulseBeats)));
        }
    }

    [Theory]
    [InlineData("stdlib/bossanova", "BossaNova", GenreFamily.Latin)]
    [InlineData("casio/popwaltz", "PopWaltz", GenreFamily.Waltz)]
    [InlineData("stdlib/rockballad", "RockBallad", GenreFamily.Ballad)]
    [InlineData("casio/60ssoul", "60sSoul", GenreFamily.Funk)]
    [InlineData("pflib/metal1", "metal1A", GenreFamily.Rock)]
    [InlineData("casio/8beat1", "8Beat1", GenreFamily.Pop)]
    public void FamiliesAreFoundByName(string file, string name, GenreFamily family)
    {
        var groove = new Groove(file, name, 4, false);
        Assert.Equal(family, groove.Family);
        (int low, int high) = GenreFamilies.TempoRange(groove);
        Assert.True(low >= 60 && low < high && high <= 200);
    }
}
