namespace StemJepa;

/// <summary>
/// The networks of one model for any number of callers. A run on several threads waits for the slowest of them in every layer, so as soon
/// as there are as many callers as threads, each of them is better off with networks that run on its own thread alone. Those are loaded
/// when they are first needed, which takes memory for the weights a second time; results are the same, bit by bit. Thread-safe, except for
/// <see cref="Dispose"/>.
/// </summary>
internal sealed class SharedNetworks : IDisposable
{
    private readonly StemNetworks _ofAllThreads;
    private readonly Lazy<StemNetworks> _ofOneThread;
    private readonly int _threads;
    private int _callers;

    /// <summary>Loads the networks of all threads.</summary>
    /// <exception cref="StemJepaException">A file is missing, altered, or not the network that it should be.</exception>
    internal SharedNetworks(IModelSource source, ModelInfo info, StemAffinityOptions options)
    {
        _ofAllThreads = new StemNetworks(source, info, options);
        _ofOneThread = new Lazy<StemNetworks>(() =>
            new StemNetworks(source, info, options with { Threads = 1, ExecutionProvider = ExecutionProvider.Cpu }));
        _threads = options.ThreadCount;
        MostWindows = Provider == ExecutionProvider.Cuda ? options.GpuBatchSize : WindowBatch.WindowsOnProcessor;
    }

    /// <summary>Windows that go through a network at once.</summary>
    internal int MostWindows { get; }

    /// <summary>Where the networks run: <see cref="ExecutionProvider.Cpu"/> or <see cref="ExecutionProvider.Cuda"/>.</summary>
    internal ExecutionProvider Provider => _ofAllThreads.Provider;

    /// <summary>Whether a run was given up and goes on, so that the batch that it works on is still in use.</summary>
    internal bool IsStuck => _ofAllThreads.IsStuck || (_ofOneThread.IsValueCreated && _ofOneThread.Value.IsStuck);

    /// <summary>A caller comes, who must <see cref="Leave"/>.</summary>
    internal void Enter() => Interlocked.Increment(ref _callers);

    /// <summary>A caller goes.</summary>
    internal void Leave() => Interlocked.Decrement(ref _callers);

    /// <summary>The networks for the next run of a caller.</summary>
    internal StemNetworks ForNextRun()
    {
        if (_threads == 1 || Provider != ExecutionProvider.Cpu || Volatile.Read(ref _callers) < _threads)
            return _ofAllThreads;
        try
        {
            return _ofOneThread.Value;
        }
        catch (StemJepaException)
        {
            return _ofAllThreads; // Too little memory, or the model's folder is gone: slower, but no reason to fail.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ofAllThreads.Dispose();
        if (_ofOneThread.IsValueCreated)
            _ofOneThread.Value.Dispose();
    }
}
