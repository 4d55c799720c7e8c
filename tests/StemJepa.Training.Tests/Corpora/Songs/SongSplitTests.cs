using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the split rule, counted by hand.</summary>
public sealed class SplitTests
{
    [Fact]
    public void SimutransSongs43To53AreTested()
    {
        int[] tested = [.. Enumerable.Range(1, 99).Where(n => SongSplit.IsNumberedTest($"simutrans_{n:00}-Some-song"))];
        Assert.Equal(Enumerable.Range(43, 11), tested);
        Assert.False(SongSplit.IsNumberedTest("freedoom1_43"));
        Assert.False(SongSplit.IsNumberedTest("simutrans_"));
    }

    [Fact]
    public void OneInEightOfTheOthersIsTested() =>
        Assert.InRange(Enumerable.Range(0, 8000).Count(n => SongSplit.IsHashedTest($"song{n}")), 900, 1100);

    [Fact]
    public void TheHashIsByte16OfSha256() // Python: hashlib.sha256(name.encode()).digest()[16] % 8 == 0
    {
        string[] tested = [
            .. from episode in Enumerable.Range(1, 3) from map in Enumerable.Range(1, 9) select $"freedoom1_D_E{episode}M{map}"];
        Assert.Equal(["freedoom1_D_E1M6", "freedoom1_D_E2M4", "freedoom1_D_E3M1", "freedoom1_D_E3M4", "freedoom1_D_E3M5",
            "freedoom1_D_E3M7"], tested.Where(SongSplit.IsHashedTest));
    }

    [Fact]
    public void SongsThatShareMaterialAreNeverSplit()
    {
        int[] tune = [60, 62, 64, 67, 65, 69, 60, 59, 72, 55, 64, 61];
        int[] other = [60, 61, 68, 63, 66, 70, 58, 65, 71, 62, 64, 57];
        MidiSong Make(string name, int[] line) => SongSketch.FourRoles().Line(5, 73, "", 40, line).Song(name);
        string tested = Enumerable.Range(0, 100).Select(n => $"b{n}").First(SongSplit.IsHashedTest),
            trained = Enumerable.Range(0, 100).Select(n => $"a{n}").First(n => !SongSplit.IsHashedTest(n));
        MidiSong[] songs = [Make(trained, tune), Make(tested, [.. tune.Select(p => p + 3)]), Make("simutrans_44-x", other)];
        Assert.True(SharedMaterial.Overlap(songs[0], songs[1]) > 0.9);
        Assert.DoesNotContain(tested, SongSplit.TestSongs(songs));
        Assert.Contains("simutrans_44-x", SongSplit.TestSongs(songs));
        Assert.Contains(tested, SongSplit.TestSongs([songs[1], songs[2]]));
    }

    [Fact]
    public void KnownPairsAreNeverSplit()
    {
        foreach ((string first, string second) in SongSplit.KnownPairs)
        {
            MidiSong[] songs = [Unlike(first, 1), Unlike(second, 2)];
            Assert.True(SharedMaterial.Overlap(songs[0], songs[1]) < SharedMaterial.LeastOverlap);
            Assert.NotEqual(1, SongSplit.TestSongs(songs).Count);
        }
    }

    private static MidiSong Unlike(string name, int seed)
    {
        var random = new Random(seed);
        return new SongSketch().Line(5, 73, "", 80, [.. Enumerable.Range(0, 80).Select(_ => random.Next(40, 90))]).Song(name);
    }
}
