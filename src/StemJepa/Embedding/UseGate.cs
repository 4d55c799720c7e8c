namespace StemJepa;

/// <summary>
/// Lets calls in until it is closed, and releases what they use when it is closed and the last of them is out. Thread-safe.
/// </summary>
internal sealed class UseGate(Action release, string owner) : IDisposable
{
    private readonly Lock _lock = new();
    private int _inside;
    private bool _closed;

    /// <summary>Lets a call in, which must call <see cref="Leave"/>.</summary>
    /// <exception cref="ObjectDisposedException">The gate is closed.</exception>
    internal void Enter()
    {
        lock (_lock)
        {
            if (_closed)
                throw new ObjectDisposedException(owner);
            _inside++;
        }
    }

    /// <summary>Lets a call out.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            if (--_inside > 0 || !_closed)
                return;
        }
        release();
    }

    /// <summary>Closes the gate; calls that are inside finish undisturbed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
            if (_inside > 0)
                return;
        }
        release();
    }
}
