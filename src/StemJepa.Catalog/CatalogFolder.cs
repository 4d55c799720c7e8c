using System.Diagnostics;
using System.Text.RegularExpressions;

namespace StemJepa;

/// <summary>
/// The files of a catalogue's folder. Only one program at a time makes or deletes a catalogue, behind a file that it locks; to write it, it
/// locks the database.
/// </summary>
internal static partial class CatalogFolder
{
    /// <summary>What errors advise.</summary>
    internal const string Advice = "restore the folder from a copy, or index the recordings again";

    private const string DatabaseName = "catalog.db", LockName = "lock", FormerManifestName = "catalog";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), LeastPatience = TimeSpan.FromSeconds(1);

    internal static string Database(string folder) => Path.Combine(folder, DatabaseName);

    internal static string Vectors(string folder, long number) => Path.Combine(folder, $"vectors-{number}.bin");

    /// <summary>Bytes of the files that hold recordings.</summary>
    internal static long Bytes(string folder, long vectorFile) =>
        new[] { Database(folder), Database(folder) + "-wal", Vectors(folder, vectorFile) }
            .Select(path => new FileInfo(path)).Sum(file => file.Exists ? file.Length : 0);

    /// <summary>Refuses a folder without a database.</summary>
    /// <exception cref="StemJepaException">There is none.</exception>
    internal static void Require(string folder)
    {
        RefuseOthers(folder);
        string database = Database(folder);
        if (!File.Exists(database))
            throw new StemJepaException(
                $"{folder} {(Directory.Exists(folder) ? $"is not a stem catalogue (it has no file '{DatabaseName}')" : "does not exist")}: "
                + "name the folder of a stem catalogue, or make one with 'stemjepa index' or CatalogWriter.", StemJepaErrorKind.NotFound);
        // To open a pipe would wait for its other side.
        if (RegularFile.TryGetLength(database) is null)
            throw new StemJepaException($"{database} is empty, or a pipe or device, and no database: {Advice}.");
    }

    /// <summary>Makes an empty catalogue, and its folder, unless there is one.</summary>
    /// <exception cref="StemJepaException">The folder holds other files, or cannot be written.</exception>
    internal static void Make(string folder, ModelIdentity model, CatalogPrecision precision, TimeSpan patience,
        CancellationToken cancellationToken)
    {
        RefuseOthers(folder);
        if (StemCatalog.Exists(folder))
            return;
        try
        {
            Directory.CreateDirectory(folder);
            if (Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).FirstOrDefault(name => !IsOurs(name!)) is { } other)
                throw new StemJepaException(
                    $"{folder} holds other files ({other}) and no catalogue: name an empty folder, or one that does not exist yet.");
            using FileStream alone = Alone(folder, patience, cancellationToken);
            if (StemCatalog.Exists(folder))
                return;
            DeleteUnused(folder, null);
            CatalogDatabase.Create(folder, model, precision);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, error);
        }
    }

    /// <summary>Deletes a catalogue, damaged or not.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StemJepaException">Another program writes it, or it cannot be deleted.</exception>
    internal static bool Delete(string folder, TimeSpan patience)
    {
        using FileStream alone = Alone(folder, patience, default);
        if (!StemCatalog.Exists(folder))
            return false;
        try
        {
            // Not while it is open, which Windows does not allow: a writer that begins now is told when it commits.
            CatalogDatabase.OpenToWrite(folder, patience, default).Dispose();
        }
        catch (StemJepaException error) when (error.Kind == StemJepaErrorKind.Data)
        {
            // Damaged, and so nobody can be writing it.
        }
        try
        {
            // First: what a kill leaves is no catalogue, and the next writer deletes it.
            File.Delete(Database(folder));
            DeleteUnused(folder, null);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, error);
        }
    }

    /// <summary>
    /// Deletes what former writers left, while nobody else writes: files of vectors but one, unfinished databases, and all files if there
    /// is no catalogue (any more). What cannot be deleted now, for example because a reader has it open on Windows, is deleted another
    /// time.
    /// </summary>
    internal static void DeleteUnused(string folder, long? vectorFile)
    {
        string[] used = vectorFile is { } number
            ? [LockName, DatabaseName, $"{DatabaseName}-wal", $"{DatabaseName}-shm", Path.GetFileName(Vectors(folder, number))]
            : [LockName];
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(path);
            if (!IsOurs(name) || used.Contains(name))
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

    internal static StemJepaException Unwritable(string path, Exception error) => new(
        $"Cannot write {path}: {error.Message.TrimEnd('.')}; choose a folder that is writable and has space.", error,
        StemJepaErrorKind.Access);

    private static void RefuseOthers(string folder)
    {
        if (File.Exists(folder))
            throw new StemJepaException($"{folder} is a file: name the folder of a stem catalogue.");
        if (File.Exists(Path.Combine(folder, FormerManifestName)) && !StemCatalog.Exists(folder))
            throw new StemJepaException(
                $"{folder} is a catalogue of format version 1, which this library does not read: index the recordings again into "
                + "another folder.");
    }

    /// <summary>Whether a name is one that writers make, finished or not.</summary>
    private static bool IsOurs(string name) => OurName().IsMatch(name);

    /// <summary>Not all that begins so: a user's copy such as <c>catalog.db.bak</c> is not ours to delete.</summary>
    [GeneratedRegex(@"^(lock|catalog\.db(\.[a-z0-9]{8}\.[a-z0-9]{3})?(-wal|-shm|-journal)?|vectors-[0-9]+\.bin)\z")]
    private static partial Regex OurName();

    private static FileStream Alone(string folder, TimeSpan patience, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, LockName);
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (error is not DirectoryNotFoundException && watch.Elapsed < patience + LeastPatience)
            {
                cancellationToken.WaitHandle.WaitOne(Pause);
                cancellationToken.ThrowIfCancellationRequested();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Unwritable(path, error);
            }
        }
    }
}
