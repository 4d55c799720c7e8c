using System.Diagnostics;

namespace StemJepa;

/// <summary>Makes and deletes catalogues. Only one program at a time does, behind a file that it locks.</summary>
internal static class CatalogFolder
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes a folder for a catalogue, unless it holds one.</summary>
    /// <exception cref="StemJepaException">It holds other files, or cannot be made.</exception>
    internal static void Make(string folder)
    {
        if (File.Exists(folder))
            throw new StemJepaException($"{folder} is a file: name a folder for the catalogue.");
        CatalogSchema.RefuseFormerFormat(folder);
        try
        {
            Directory.CreateDirectory(folder);
            if (!StemCatalog.Exists(folder)
                && Directory.EnumerateFileSystemEntries(folder)
                .FirstOrDefault(path => !CatalogFiles.IsOurs(Path.GetFileName(path))) is { } other)
                throw new StemJepaException(
                    $"{folder} holds other files ({Path.GetFileName(other)}) and no catalogue: name an empty folder, or one that does "
                    + "not exist yet.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{folder} cannot be made or read ({error.Message.TrimEnd('.')}): choose a place that is writable.",
                error, StemJepaErrorKind.Access);
        }
    }

    /// <summary>Makes an empty catalogue, unless there is one.</summary>
    /// <exception cref="StemJepaException">It cannot be written.</exception>
    internal static void MakeCatalog(string folder, ModelIdentity model, CatalogPrecision precision, TimeSpan patience,
        CancellationToken cancellationToken)
    {
        if (StemCatalog.Exists(folder))
            return;
        using FileStream alone = Alone(folder, patience, cancellationToken);
        if (StemCatalog.Exists(folder))
            return;
        CatalogFiles.DeleteAll(folder);
        CatalogSchema.Create(folder, new CatalogHeader(CatalogHeader.NewId(), CatalogHeader.NewId(), 1, model, precision, 0, 0));
    }

    /// <summary>Deletes a catalogue, damaged or not.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StemJepaException">Another program writes it, or it cannot be deleted.</exception>
    internal static bool Delete(string folder, TimeSpan patience)
    {
        using FileStream alone = Alone(folder, patience, default);
        string path = CatalogFiles.Database(folder);
        if (!File.Exists(path))
            return false;
        using CatalogDatabase? database = LockUnlessDamaged(folder, patience);
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{path} cannot be deleted ({error.Message.TrimEnd('.')}): close the programs that use it, or make the folder writable.",
                error, StemJepaErrorKind.Access);
        }
        CatalogFiles.DeleteAll(folder);
        return true;
    }

    private static CatalogDatabase? LockUnlessDamaged(string folder, TimeSpan patience)
    {
        CatalogDatabase? database = null;
        try
        {
            database = CatalogDatabase.OpenToWrite(folder);
            database.Lock(patience, default);
            return database;
        }
        catch (StemJepaException error) when (error.Kind == StemJepaErrorKind.Data)
        {
            database?.Dispose();
            return null;
        }
        catch
        {
            database?.Dispose();
            throw;
        }
    }

    private static FileStream Alone(string folder, TimeSpan patience, CancellationToken cancellationToken)
    {
        string path = CatalogFiles.Lock(folder);
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException)
            {
                throw new StemJepaException($"{path} cannot be written ({error.Message.TrimEnd('.')}): choose a folder that is writable.",
                    error, StemJepaErrorKind.Access);
            }
            catch (IOException error) when (watch.Elapsed >= patience + TimeSpan.FromSeconds(1))
            {
                throw new StemJepaException(
                    $"{folder} is being written by another program, or cannot be locked ({error.Message.TrimEnd('.')}): wait until it "
                    + "is done.", error, StemJepaErrorKind.Access);
            }
            catch (IOException)
            {
                cancellationToken.WaitHandle.WaitOne(Pause);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
