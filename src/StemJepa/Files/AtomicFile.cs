using System.Collections.Concurrent;

namespace StemJepa;

/// <summary>
/// Writes a file so that readers find all of it or nothing: beside the target, flushed to the disk, then renamed. What a killed process
/// left beside its targets is deleted by the next one that writes there. Thread-safe.
/// </summary>
internal static class AtomicFile
{
    /// <summary>What unfinished files are called, so that none of anybody else's is taken for one.</summary>
    private const string Prefix = ".stemjepa-";

    /// <summary>Characters of <see cref="Path.GetRandomFileName"/>.</summary>
    private const int NameLength = 12;

    /// <summary>A younger file may be one that another process is about to lock or has just renamed.</summary>
    private static readonly TimeSpan LeastAge = TimeSpan.FromSeconds(10);

    private static readonly ConcurrentDictionary<string, bool> Cleaned = new();

    /// <summary>
    /// Writes <paramref name="path"/> through <paramref name="write"/>; an older file stays until the new one is complete.
    /// </summary>
    /// <exception cref="StemJepaException">The file cannot be written there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new StemJepaException($"Cannot write {path}: it is a folder; give the name of a file in it.", StemJepaErrorKind.Access);
        if (IsDevice(path))
            throw new StemJepaException($"Cannot write {path}: it is a device; give the name of a file.", StemJepaErrorKind.Access);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!, beside = Path.Combine(folder, Prefix + Path.GetRandomFileName());
        if (Cleaned.TryAdd(folder, true))
            DeleteOrphans(folder);
        try
        {
            // Locked until it has its name, so that nobody takes it for an orphan.
            using var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
            write(stream);
            stream.Flush(flushToDisk: true);
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception error)
        {
            if (File.Exists(beside))
                File.Delete(beside);
            throw error switch
            {
                DirectoryNotFoundException => new StemJepaException($"Cannot write {path}: its folder does not exist; create it first.",
                    error, StemJepaErrorKind.NotFound),
                IOException or UnauthorizedAccessException
                    => new StemJepaException(
                    $"Cannot write {path}: {error.Message.TrimEnd('.')}; choose a folder that is writable and has space.", error,
                    StemJepaErrorKind.Access),
                _ => error,
            };
        }
    }

    /// <summary>Deletes unfinished files that no process holds.</summary>
    internal static void DeleteOrphans(string folder)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, Prefix + "*"))
            {
                TimeSpan age = (DateTime.UtcNow - File.GetLastWriteTimeUtc(path)).Duration();
                if (Path.GetFileName(path).Length == Prefix.Length + NameLength && age >= LeastAge)
                    DeleteIfUnlocked(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Nothing depends on it.
        }
    }

    /// <summary>Whether the system has it as a device, such as <c>/dev/null</c>, which the new file would take the place of.</summary>
    private static bool IsDevice(string path)
    {
        string full = Path.GetFullPath(path);
        return !OperatingSystem.IsWindows() && (full.StartsWith("/dev/", StringComparison.Ordinal)
            || full.StartsWith("/proc/", StringComparison.Ordinal)) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal)
            && Path.Exists(path);
    }

    private static void DeleteIfUnlocked(string path)
    {
        try
        {
            using var alone = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process writes it.
        }
    }
}
