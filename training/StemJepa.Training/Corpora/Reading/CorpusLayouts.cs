using System.Security.Cryptography;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>Detects the layout of a corpus folder and lists its songs. Thread-safe.</summary>
internal static class CorpusLayouts
{
    private static readonly string[] Splits = [CorpusFolder.Train, CorpusFolder.Validation, CorpusFolder.Test];
    private static readonly ICorpusLayout[] All =
        [new Musdb18HqLayout(), new Musdb18StemLayout(), new MoisesDbLayout(), new Slakh2100Layout()];

    /// <summary>A folder with songs directly inside; its split is null when the corpus has no split folders.</summary>
    private readonly record struct Root(string? Split, string Folder);

    /// <summary>
    /// Returns the only layout that has songs in the folder or in its folders <c>train</c>, <c>validation</c> and <c>test</c>.
    /// </summary>
    /// <exception cref="StemJepaException">No layout has songs there, or more than one has.</exception>
    public static ICorpusLayout Detect(string folder)
    {
        Root[] roots = Roots(folder);
        ICorpusLayout[] found = [.. All.Where(layout => roots.Any(root => layout.SongPaths(root.Folder).Any()))];
        return found switch
        {
            [ICorpusLayout only] => only,
            [] => throw new StemJepaException($"{folder}: no song found in {Places(roots)}; looked for {Describe(All, ", ")}."),
            _ => throw new StemJepaException(
                $"{folder}: holds songs of {Describe(found, " and ")}; keep each data set in a folder of its own."),
        };
    }

    /// <summary>Lists the songs of some splits, sorted by name, each with its split.</summary>
    /// <exception cref="StemJepaException">These splits have no song, or the description of a song is damaged.</exception>
    public static IReadOnlyList<(ListedSong Song, string Split)> List(string folder, string[] splits, ReadingWarnings warnings)
    {
        ICorpusLayout layout = Detect(folder);
        var songs = new List<(ListedSong Song, string Split)>();
        foreach (Root root in Roots(folder).Where(root => root.Split is null || splits.Contains(root.Split)))
        foreach (ListedSong song in layout.SongPaths(root.Folder).Select(path => layout.Read(path, warnings))
            .Where(song => song.Sources.Count > 0))
        {
            string split = root.Split ?? SplitWithoutFolder(layout, song) ?? splits[0];
            if (splits.Contains(split))
                songs.Add((song, split));
        }
        songs.Sort((a, b) => string.CompareOrdinal(a.Song.Name, b.Song.Name));
        return songs.Count > 0
            ? songs
            : throw new StemJepaException(
                $"{folder}: no song with a recording is in its {splits[0]} split; the songs looked for are those of {layout.Description}.");
    }

    private static string Places(Root[] roots) =>
        roots[0].Split is null ? "it" : "its folders " + string.Join(", ", roots.Select(root => root.Split));

    private static string Describe(ICorpusLayout[] layouts, string separator) =>
        string.Join(separator, layouts.Select(layout => layout.Description));

    private static Root[] Roots(string folder)
    {
        Root[] splits =
            [.. Splits.Select(split => new Root(split, Path.Combine(folder, split))).Where(root => Directory.Exists(root.Folder))];
        return splits.Length > 0 ? splits : [new Root(null, folder)];
    }

    private static string? SplitWithoutFolder(ICorpusLayout layout, ListedSong song)
    {
        if (layout.TestOneIn is not { } oneIn)
            return null;
        return SHA256.HashData(Encoding.UTF8.GetBytes(song.Name))[0] % oneIn == 0 ? CorpusFolder.Test : CorpusFolder.Train;
    }
}
