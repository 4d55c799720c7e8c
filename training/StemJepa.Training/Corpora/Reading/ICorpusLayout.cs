namespace StemJepa.Training.Corpora;

/// <summary>The layout of a data set on disk. Implementations have no state and are thread-safe.</summary>
internal interface ICorpusLayout
{
    /// <summary>Name of the data set and the form of a song in it, for messages.</summary>
    string Description { get; }

    /// <summary>
    /// For a data set without splits: one song in this number is a test song, by a hash of its name. Null if the data set has splits; a
    /// folder without split folders is then one split, used for any name.
    /// </summary>
    int? TestOneIn => null;

    /// <summary>Lists the paths of the songs in a folder by file names alone, without opening files.</summary>
    IEnumerable<string> SongPaths(string folder);

    /// <summary>Reads which recordings belong to the stems of a song.</summary>
    /// <exception cref="StemJepaException">The song's description is damaged.</exception>
    ListedSong Read(string songPath, ReadingWarnings warnings);
}

/// <summary>A song of a data set, before decoding.</summary>
/// <param name="Name">Name within the data set.</param>
/// <param name="Sources">Recordings of the stems; those of one stem are summed, and a stem without recordings is silent.</param>
internal sealed record ListedSong(string Name, IReadOnlyList<StemSource> Sources);

/// <summary>One recording that belongs to a stem.</summary>
/// <param name="Stem">The stem to which it is added.</param>
/// <param name="Path">Path of an existing file.</param>
/// <param name="Stream">Index of the audio stream in the file, from 0.</param>
internal sealed record StemSource(Stem Stem, string Path, int Stream = 0);

/// <summary>Collects irregularities of a data set that do not prevent reading; each is reported once. Not thread-safe.</summary>
internal sealed class ReadingWarnings
{
    private readonly SortedSet<string> _unknownClasses = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _missingFiles = [];

    /// <summary>Records a class of instruments that is not in the table.</summary>
    public void UnknownClass(string name) => _unknownClasses.Add(name);

    /// <summary>Records a recording that the data set lists but does not contain.</summary>
    public void MissingFile(string path) => _missingFiles.Add(path);

    /// <summary>Returns one sentence for each kind of irregularity.</summary>
    public IEnumerable<string> Sentences()
    {
        if (_unknownClasses.Count > 0)
            yield return $"Taken as the stem 'other', since their classes are not in the table: {string.Join(", ", _unknownClasses)}.";
        string others = _missingFiles.Count > 1 ? $" and {_missingFiles.Count - 1} more" : "";
        if (_missingFiles.Count > 0)
            yield return $"Taken as silence, since the file is missing: {_missingFiles[0]}{others}.";
    }
}
