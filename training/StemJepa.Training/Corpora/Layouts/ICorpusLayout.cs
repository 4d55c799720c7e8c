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
