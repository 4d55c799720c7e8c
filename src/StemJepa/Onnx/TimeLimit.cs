using System.Runtime.ExceptionServices;

namespace StemJepa;

/// <summary>Bounds the time of native calls that nothing may interrupt. Thread-safe.</summary>
internal static class TimeLimit
{
    /// <summary>How long a call that was asked to stop may take to do so.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Runs a call on a thread of its own; what it throws is thrown here.</summary>
    /// <param name="call">The call.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="stop">Asks it to stop when it has taken longer.</param>
    /// <param name="isRunning">
    /// Whether it goes on all the same, for as long as it likes: then what it uses must neither be used nor released.
    /// </param>
    /// <returns>Whether it was done in time.</returns>
    internal static bool TryRun(Action call, TimeSpan limit, Action? stop, out bool isRunning)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                call();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        })
        { IsBackground = true, Name = nameof(TimeLimit) };
        thread.Start();
        isRunning = false;
        if (thread.Join(limit))
        {
            failure?.Throw();
            return true;
        }
        stop?.Invoke();
        isRunning = !thread.Join(Grace);
        return false;
    }
}
