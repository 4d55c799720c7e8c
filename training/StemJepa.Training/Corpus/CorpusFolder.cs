namespace StemJepa.Training.Corpus;

/// <summary>Reads the layout of MUSDB18-HQ: <c>train|test/SONG/{bass,drums,other,vocals}.wav</c>, or songs directly inside as one split.</summary>
public static class CorpusFolder
{
    private static readonly string[] Splits = ["train", "test"];

    /// <summary>The songs of a split (<c>train</c> or <c>test</c>), sorted by name; those of the whole folder when it has no splits.</summary>
    /// <exception cref="StemJepaException">The folder does not exist or holds no song of that split.</exception>
    public static IReadOnlyList<CorpusSong> Songs(string folder, string split)
    {
        if (!Directory.Exists(folder))
            throw new StemJepaException($"{folder}: there is no such corpus folder; make one with the corpus command, or name a folder in MUSDB18-HQ's layout.");
        bool hasSplits = Splits.Any(name => Directory.Exists(Path.Combine(folder, name)));
        string root = hasSplits ? Path.Combine(folder, split) : folder;
        CorpusSong[] songs = !Directory.Exists(root) ? [] : Directory.EnumerateDirectories(root)
            .Select(path => new CorpusSong(Path.GetFileName(path), path))
            .Where(song => Enum.GetValues<Stem>().Any(stem => File.Exists(song.PathOf(stem))))
            .OrderBy(song => song.Name, StringComparer.Ordinal)
            .ToArray();
        return songs.Length > 0
            ? songs
            : throw new StemJepaException($"{root}: no song found; expected folders with bass.wav, drums.wav, other.wav or vocals.wav inside.");
    }
}
