using System.Diagnostics;

namespace StemJepa;

/// <summary>The lock that a catalogue's one writer holds; the system releases it when the process ends, however it ends.</summary>
internal static class CatalogLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes the lock; disposing of it releases it.</summary>
    /// <exception cref="StemJepaException">Another writer held it all the while, or the folder is not writable.</exception>
    internal static FileStream Take(string folder, TimeSpan patience)
    {
        string path = CatalogFiles.Lock(folder);
        for (var watch = Stopwatch.StartNew(); ; Thread.Sleep(Pause))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (UnauthorizedAccessException error)
            {
                throw new StemJepaException($"{path} cannot be written ({error.Message.TrimEnd('.')}): choose a folder that is writable.",
                    error);
            }
            catch (IOException error) when (error is DirectoryNotFoundException || watch.Elapsed >= patience)
            {
                throw new StemJepaException(
                    $"{folder} is being written by another program, or cannot be locked ({error.Message.TrimEnd('.')}): wait until it "
                    + "is done.", error);
            }
            catch (IOException)
            {
            }
        }
    }
}
