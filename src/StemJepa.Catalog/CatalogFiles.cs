using System.Globalization;

namespace StemJepa;

/// <summary>The files of a catalogue's folder.</summary>
internal static class CatalogFiles
{
    private const string DatabaseName = "catalog.db", VectorsPrefix = "vectors-", LockName = "lock", FormerManifestName = "catalog";

    /// <summary>Held while a catalogue is made or deleted, and not while it is written, which the database's own lock is for.</summary>
    internal static string Lock(string folder) => Path.Combine(folder, LockName);

    internal static string Database(string folder) => Path.Combine(folder, DatabaseName);

    internal static string Vectors(string folder, long number) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{VectorsPrefix}{number}.bin"));

    /// <summary>Whether the folder holds a catalogue of the format before this one, and none of this one.</summary>
    internal static bool HasFormerFormat(string folder) =>
        File.Exists(Path.Combine(folder, FormerManifestName)) && !File.Exists(Database(folder));

    /// <summary>Whether a name is one that writers make, finished or not.</summary>
    internal static bool IsOurs(string name) => name is LockName || name.StartsWith(DatabaseName, StringComparison.Ordinal)
        || (name.StartsWith(VectorsPrefix, StringComparison.Ordinal) && name.EndsWith(".bin", StringComparison.Ordinal));

    /// <summary>
    /// Deletes what former writers left, while it is locked: files of vectors but one, and databases that were not finished. What cannot be
    /// deleted now, for example because a reader has it open on Windows, is deleted another time.
    /// </summary>
    internal static void DeleteUnused(string folder, long vectorFile)
    {
        string used = Path.GetFileName(Vectors(folder, vectorFile));
        Delete(folder, name => name != used && name is not DatabaseName and not DatabaseName + "-wal" and not DatabaseName + "-shm");
    }

    /// <summary>Deletes all that is left once the database is gone.</summary>
    internal static void DeleteAll(string folder) => Delete(folder, name => name != DatabaseName);

    /// <summary>Bytes of the files that hold recordings.</summary>
    internal static long Bytes(string folder, long vectorFile) =>
        new[] { Database(folder), Database(folder) + "-wal", Vectors(folder, vectorFile) }
            .Select(path => new FileInfo(path)).Sum(file => file.Exists ? file.Length : 0);

    private static void Delete(string folder, Func<string, bool> isUnused)
    {
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(path);
            if (name is LockName || !IsOurs(name) || !isUnused(name))
                continue;
            try
            {
                File.Delete(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
            }
        }
    }
}
