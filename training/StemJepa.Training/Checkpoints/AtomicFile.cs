namespace StemJepa.Training.Checkpoints;

/// <summary>Writes files so that a reader, or a restart after a crash, sees either the old content or the new one. Thread-safe for different paths.</summary>
public static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/><c>.partial</c>, flushes it to disk, and renames it over <paramref name="path"/>.</summary>
    /// <exception cref="StemJepaException">The file cannot be written; the old one, if any, is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string partial = path + ".partial";
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Discard(partial);
            throw new StemJepaException($"{path}: cannot be written ({error.Message.TrimEnd('.')}); choose a file in an existing folder that you may write to, with enough free space.", error);
        }
    }

    private static void Discard(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The first error is the one worth reporting.
        }
    }
}
