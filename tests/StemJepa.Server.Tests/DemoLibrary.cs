using StemJepa.Reporting;

namespace StemJepa.Server.Tests;

/// <summary>The demo's songs as a library of their stems, and the mix of one of them without its bass.</summary>
internal static class DemoLibrary
{
    /// <summary>The first song without its bass.</summary>
    public static AudioClip Mix() => DemoSongs.Load()[0].MixWithout(Stem.Bass);

    /// <summary>Writes the stems of the first songs, and catalogues them.</summary>
    /// <returns>The path of the mix, whose own bass is <c>TITLE bass.wav</c> in the library.</returns>
    public static string Fill(TestLibrary library, StemAffinity model, int songs)
    {
        DemoSong[] chosen = [.. DemoSongs.Load().Take(songs)];
        var entries = new List<CatalogEntry>();
        using StemAnalyzer analyzer = StemAnalyzer.Create(model);
        foreach (DemoSong song in chosen)
        {
            for (int stem = 0; stem < song.Stems.Count; stem++)
            {
                string path = library.PathOf($"{song.Title} {Stem.Roles[stem]}.wav");
                song.Stems[stem].Save(path);
                StemAnalysis analysis = analyzer.Analyze(song.Stems[stem]);
                entries.Add(new CatalogEntry
                {
                    Id = path,
                    Path = path,
                    Stem = Stem.Roles[stem],
                    Seconds = song.Stems[stem].Duration.TotalSeconds,
                    Key = stem == Stem.Drums.Role ? null : analysis.Key,
                    Tempo = analysis.Tempo,
                });
            }
        }
        library.Add(model, [.. entries]);
        string mix = library.PathOf($"{chosen[0].Title} without bass.wav");
        chosen[0].MixWithout(Stem.Bass).Save(mix);
        return mix;
    }
}
