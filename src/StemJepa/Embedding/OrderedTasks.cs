namespace StemJepa;

/// <summary>
/// Tasks whose results are taken in their order, as many at once as there are cores: what one of them throws, its taker decides about. Not
/// thread-safe.
/// </summary>
internal sealed class OrderedTasks<T>
{
    private readonly Queue<Task<T>> _running = new();

    /// <summary>Whether one must be taken before another is begun.</summary>
    internal bool IsFull => _running.Count >= Environment.ProcessorCount;

    /// <summary>Whether there is none to take.</summary>
    internal bool IsEmpty => _running.Count == 0;

    /// <summary>Adds a task that runs.</summary>
    internal void Add(Task<T> task) => _running.Enqueue(task);

    /// <summary>Takes the first.</summary>
    internal Task<T> Take() => _running.Dequeue();

    /// <summary>Waits for those that nobody took, whatever becomes of them.</summary>
    internal async Task EndAsync() =>
        await ((Task)Task.WhenAll(_running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
