namespace StemJepa.Training.Networks;

/// <summary>
/// Keeps the garbage collector from running while libtorch computes. TorchSharp passes temporary scalars, such as the factor of every
/// addition, to libtorch by handles; a collection during the call frees them, which ends the process ("Exception raised from toFloat").
/// Pauses may nest and overlap: the first one begins the region without collections and the last one ends it. A pause also ends once 64 MB
/// have been allocated. Thread-safe.
/// </summary>
internal sealed class CollectionPause : IDisposable
{
    private const long ManagedBytes = 64L << 20;

    private static readonly Lock Gate = new();
    private static int _active;

    private CollectionPause()
    {
    }

    /// <summary>Begins a pause, which lasts until it is disposed of.</summary>
    public static CollectionPause Begin()
    {
        lock (Gate)
        {
            if (_active++ == 0)
                GC.TryStartNoGCRegion(ManagedBytes);
        }
        return new CollectionPause();
    }

    /// <summary>Ends the pause; once only.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (--_active > 0)
                return;
            try
            {
                GC.EndNoGCRegion();
            }
            catch (InvalidOperationException)
            {
                // More was allocated than asked for, which ended the region already.
            }
        }
    }
}
