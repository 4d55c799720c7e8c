namespace StemJepa;

/// <summary>
/// Tells whether a catalogue may have changed since the watch began, much faster than opening it would. Not thread-safe.
/// </summary>
internal sealed class CatalogWatch : IDisposable
{
    private readonly CatalogDatabase _database;
    private readonly (bool, DateTime, DateTime, long) _stamp;
    private readonly long _version;

    internal CatalogWatch(string folder)
    {
        _stamp = Stamp(folder);
        _database = CatalogDatabase.OpenToRead(folder);
        _version = Version();
    }

    /// <summary>Whether there was a commit, or the database was replaced or restored.</summary>
    internal bool HasChanged() => Stamp(_database.Folder) != _stamp || Version() != _version;

    public void Dispose() => _database.Dispose();

    private long Version() => _database.Number("PRAGMA data_version");

    private static (bool, DateTime, DateTime, long) Stamp(string folder)
    {
        var file = new FileInfo(CatalogFiles.Database(folder));
        return file.Exists ? (true, file.CreationTimeUtc, file.LastWriteTimeUtc, file.Length) : default;
    }
}
