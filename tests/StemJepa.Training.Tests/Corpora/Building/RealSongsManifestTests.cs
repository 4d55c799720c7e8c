using System.Text.Json;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the rules that the committed manifest must keep.</summary>
public sealed class RealSongsManifestTests
{
    private static readonly RealSongs Manifest = JsonSerializer.Deserialize<RealSongs>(File.ReadAllText(Find()), CorpusJson.Options)!;

    private static string Find()
    {
        string path = Path.Combine("training", "StemJepa.Training", "Corpora", "real-songs.json");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, path))) return Path.Combine(folder.FullName, path);
        throw new FileNotFoundException($"{path} is not above {AppContext.BaseDirectory}.");
    }

    [Fact]
    public void NumberedSongsAreTestedAndKnownPairsAreTogether()
    {
        Dictionary<string, string> splits = Manifest.Songs.ToDictionary(s => s.Name, s => s.Split);
        Assert.All(Manifest.Songs.Where(s => SongSplit.IsNumberedTest(s.Name)), s => Assert.Equal("test", s.Split));
        Assert.All(SongSplit.KnownPairs, p =>
        {
            string first = splits.GetValueOrDefault(p.First, "none");
            Assert.Equal(first, splits.GetValueOrDefault(p.Second, first));
        });
        Assert.InRange(Manifest.Songs.Count, 115, 145);
        Assert.True(Manifest.Songs.Count(s => s.Split == "test" && s.Package is ("freedoom" or "freedm")) >= 12);
    }

    [Fact]
    public void EverySongHasALicenceHashesAndFourRoles() => Assert.All(Manifest.Songs, s =>
    {
        Assert.Contains(s.Licence, (string[])["BSD-3-Clause", "Artistic-1.0", "GPL-2.0-only", "GPL-2.0-or-later"]);
        Assert.Equal(["bass", "drums", "mixture", "other", "vocals"], s.Audio.Keys.Order());
        Assert.All(s.Audio.Values.Append(s.Sha256), h => Assert.Matches("^[0-9a-f]{64}$", h));
        Assert.Equal(["bass", "other", "vocals"], s.Programs.Keys.Order());
        Assert.InRange(s.Seconds, 12, 240.1);
    });

    [Fact]
    public void NoFileIsThereTwiceAndEveryRejectionHasAReason()
    {
        Assert.Equal(Manifest.Songs.Count, Manifest.Songs.Select(s => s.Sha256).Distinct().Count());
        Assert.Equal(Manifest.Songs.Count * 5, Manifest.Songs.SelectMany(s => s.Audio.Values).Distinct().Count());
        Assert.All(Manifest.Rejected, r => Assert.StartsWith(r.Name + ": ", r.Reason));
        Assert.Empty(Manifest.Rejected.Select(r => r.Name).Intersect(Manifest.Songs.Select(s => s.Name)));
    }
}
