namespace StemJepa;

/// <summary>
/// Tells files that end from pipes and devices, without opening them: to open a named pipe waits for a writer, and a device may never end.
/// Thread-safe.
/// </summary>
internal static class RegularFile
{
    /// <summary>
    /// The length of a regular file, links followed; null for pipes, devices and sockets, and for empty files, which look the same.
    /// </summary>
    internal static long? TryGetLength(string path)
    {
        try
        {
            var file = new FileInfo(path);
            long length = file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length;
            return length > 0 ? length : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Refuses pipes and devices, for recordings that nobody named one by one.</summary>
    /// <exception cref="StemJepaException">It is one, or an empty file.</exception>
    public static void Require(string path)
    {
        if (Path.Exists(path) && TryGetLength(path) is null)
        {
            throw new StemJepaException(
                $"{path}: is empty, or a pipe or device, which are read only where they are named themselves; export the recording again.");
        }
    }
}
