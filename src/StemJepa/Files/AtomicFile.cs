namespace StemJepa;

/// <summary>Writes a file so that readers find all of it or nothing: beside the target, flushed to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes <paramref name="path"/> through <paramref name="write"/>; an older file stays until the new one is complete.
    /// </summary>
    /// <exception cref="StemJepaException">The file cannot be written there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new StemJepaException($"Cannot write {path}: it is a folder; give the name of a file in it.", StemJepaErrorKind.Access);
        string beside = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
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
}
