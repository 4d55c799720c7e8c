namespace StemJepa.Training.Corpora;

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
