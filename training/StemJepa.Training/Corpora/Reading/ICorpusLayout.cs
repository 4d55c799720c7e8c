namespace StemJepa.Training.Corpora;

/// <summary>How a data set lays its songs out on the disk. Implementations hold no state and are thread-safe.</summary>
internal interface ICorpusLayout
{
    /// <summary>The data set's name and what one of its songs looks like, for messages.</summary>
    string Description { get; }

    /// <summary>
    /// For a data set that has no splits of its own: one song in so many is for testing, by a hash of its name. Null where the data set has
    /// splits; a folder without them is then one split, whichever is asked for.
    /// </summary>
    int? TestOneIn => null;

    /// <summary>Paths of the songs in a folder, by names alone, nothing being opened.</summary>
    IEnumerable<string> SongPaths(string folder);

    /// <summary>Which recordings a song's stems are made of.</summary>
    /// <exception cref="StemJepaException">The song's description is damaged.</exception>
    ListedSong Read(string songPath, ReadingWarnings warnings);
}

/// <summary>A song as its data set holds it, before anything is decoded.</summary>
/// <param name="Name">Name within the data set.</param>
/// <param name="Sources">The recordings of its stems; those of one stem are summed, a stem without any is silent.</param>
internal sealed record ListedSong(string Name, IReadOnlyList<StemSource> Sources);

/// <summary>One recording that belongs to a stem.</summary>
/// <param name="Stem">The stem that it is added to.</param>
/// <param name="Path">A file that exists.</param>
/// <param name="Stream">Which of the file's audio streams, from 0.</param>
internal sealed record StemSource(Stem Stem, string Path, int Stream = 0);

/// <summary>What is odd in a data set without keeping it from being read, each told once. Not thread-safe.</summary>
internal sealed class ReadingWarnings
{
    private readonly SortedSet<string> unknownClasses = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> missingFiles = [];

    /// <summary>A class of instruments that no table names.</summary>
    public void UnknownClass(string name) => unknownClasses.Add(name);

    /// <summary>A recording that the data set's description promises.</summary>
    public void MissingFile(string path) => missingFiles.Add(path);

    /// <summary>One sentence for each kind of oddity.</summary>
    public IEnumerable<string> Sentences()
    {
        if (unknownClasses.Count > 0)
            yield return $"Taken as the stem 'other', since their classes are not in the table: {string.Join(", ", unknownClasses)}.";
        if (missingFiles.Count > 0)
            yield return $"Taken as silence, since the file is missing: {missingFiles[0]}{(missingFiles.Count > 1 ? $" and {missingFiles.Count - 1} more" : "")}.";
    }
}
