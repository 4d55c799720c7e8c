namespace StemJepa;

/// <summary>Writes a whole file or nothing: beside its final place, flushed to the disk, then renamed over it.</summary>
internal static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/> with what <paramref name="write"/> puts into the stream; a failure leaves an older file untouched.</summary>
    /// <exception cref="StemJepaException">The folder is missing or not writable, or the disk is full.</exception>
    internal static void Write(string path, Action<Stream> write)
    {
        string beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path} cannot be written ({e.Message.TrimEnd('.')}): name a file in an existing, writable folder with free space.", e);
        }
        finally
        {
            if (File.Exists(beside))
                File.Delete(beside);
        }
    }
}
