using CsCheck;
using StemJepa.TestSupport;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the rules for the test set, checked on its committed manifest.</summary>
public sealed class Rendered150Tests
{
    private static readonly TestSetManifest Manifest = TestSetManifest.Committed(Rendered150.Name);

    [Fact]
    public void ItHas150SongsOfFourStemsEachOnlyOnce()
    {
        Assert.Equal(150, Manifest.Songs.Count);
        Assert.Equal(150, Manifest.Songs.Select(s => s.Name).Distinct().Count());
        Assert.All(Manifest.Songs, s => Assert.Equal(["bass", "drums", "mixture", "other", "vocals"], s.Audio.Keys.Order()));
        Assert.Equal(750, Manifest.Songs.SelectMany(s => s.Audio.Values).Distinct().Count());
        Assert.All(Manifest.Songs, s => Assert.All(s.Audio.Values.Append(s.MidiSha256), h => Assert.Matches("^[0-9a-f]{64}$", h)));
    }

    [Fact]
    public void EveryRealTestSongIsInItAndNoTrainingSong()
    {
        RealSongs real = CorpusJson.Read<RealSongs>(TestSupport.Repository.PathOf("training/StemJepa.Training/Corpora/real-songs.json"));
        IEnumerable<string> here = Manifest.Songs.Where(s => s is { Kind: "real", VariantOf: null }).Select(s => s.Name);
        Assert.Equal(real.Songs.Where(s => s.Split == "test").Select(s => s.Name).Order(), here.Order());
        Dictionary<string, string> hashes = real.Songs.ToDictionary(s => s.Name, s => s.Sha256);
        Assert.All(Manifest.Songs.Where(s => s.Kind == "real"), s => Assert.Equal(hashes[s.VariantOf ?? s.Name], s.MidiSha256));
    }

    [Fact]
    public void VariantsAreCloseToTheirSongsAndSoundAlike()
    {
        Dictionary<string, TestSong> songs = Manifest.Songs.ToDictionary(s => s.Name);
        TestSong[] variants = [.. Manifest.Songs.Where(s => s.VariantOf is not null)];
        Assert.True(variants.Length >= 40);
        Assert.All(variants, v =>
        {
            TestSong song = songs[v.VariantOf!];
            Assert.Equal(song.Name, v.Name.Split(CorpusSong.VariantMark)[0]);
            Assert.Equal((song.Soundfont, song.DrumKit, song.MidiSha256), (v.Soundfont, v.DrumKit, v.MidiSha256));
            Assert.Equal(song.Programs, v.Programs);
            Assert.True(v.Transpose != 0 || v.TempoFactor != 1);
            Assert.InRange(Math.Abs(v.Transpose), 0, 3);
            if (v.TempoFactor != 1) Assert.InRange(Math.Abs(v.TempoFactor - 1), 0.04, 0.12);
        });
        Assert.True(variants.Count(v => v.Transpose != 0) >= 20 && variants.Count(v => v.TempoFactor != 1) >= 20);
    }

    [Fact]
    public void HalfOfItSoundsInASoundfontThatTrainingNeverHears()
    {
        Assert.DoesNotContain(SoundFont.MuseScore, SoundFont.Training);
        Assert.True(Manifest.Songs.Count(s => s.Soundfont == SoundFont.MuseScore.Name) >= 75);
    }

    [Fact]
    public void ComposedSongsInSoundfontsOfTrainingHaveLeadsThatComposedTrainingSongsNeverHave()
    {
        HashSet<int> training = [.. LeadInstrument.Training.Select(l => l.Program)];
        Assert.Empty(training.Intersect(LeadInstrument.TestOnly.Select(l => l.Program)));
        TestSong[] seen = [.. Manifest.Songs.Where(s => s.Kind == "composed" && s.Soundfont != SoundFont.MuseScore.Name)];
        Assert.NotEmpty(seen);
        Assert.All(seen, s => Assert.DoesNotContain(s.Programs["vocals"].Single(), training));
    }

    [Fact]
    public void NoRealTrainingSongHasThePrograms()
    {
        RealSongs real = CorpusJson.Read<RealSongs>(TestSupport.Repository.PathOf("training/StemJepa.Training/Corpora/real-songs.json"));
        static string Key(IReadOnlyDictionary<string, IReadOnlyList<int>> programs) =>
            string.Join(' ', programs.OrderBy(p => p.Key).Select(p => p.Key + string.Join(',', p.Value.Distinct().Order())));
        HashSet<string> training = [.. real.Songs.Where(s => s.Split == "train").Select(s => Key(s.Programs))];
        Assert.All(Manifest.Songs.Where(s => s.Kind == "composed"), s => Assert.DoesNotContain(Key(s.Programs), training));
    }

    [FactWithMma]
    public void NoTrainingSongHasAGrooveOfTheTestSet()
    {
        GrooveLibrary library = GrooveLibrary.Read();
        HashSet<string> test = [.. Manifest.Songs.Where(s => s.Groove is not null).Select(s => s.Groove!.Split(':')[0])];
        Assert.True(test.Count >= 20);
        Assert.Subset(library.Split(isTest: true).Select(f => f.Name).ToHashSet(), test);
        Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 99999]).Sample((seed, index) =>
            Assert.DoesNotContain(new Composer(library, seed, isTest: false).FileOf(index).Name, test), iter: 2000);
    }

    [Fact]
    public void EverySongAndSoundfontHasItsLicence()
    {
        string[] music = ["BSD-3-Clause", "Artistic-1.0", "GPL-2.0-only", "GPL-2.0-or-later"], sounds = ["MIT", "GPL-2.0-only"];
        Assert.All(Manifest.Songs, s => Assert.True(music.Contains(s.Licence) && sounds.Contains(s.SoundfontLicence), s.Name));
        string page = File.ReadAllText(TestSupport.Repository.PathOf("docs/research/training.md"));
        Assert.All(Manifest.Soundfonts, f => Assert.Contains($"| {f.Name} | `{f.Package}` | {f.Licence} |", page));
    }
}
