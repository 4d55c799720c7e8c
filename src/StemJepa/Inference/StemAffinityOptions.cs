namespace StemJepa;

/// <summary>How a model is run. Immutable.</summary>
public sealed record StemAffinityOptions
{
    /// <summary>
    /// Threads that one network uses, with the calling thread; 0 means all cores. They sleep while nothing is embedded. When as many callers embed at once,
    /// each gets one thread, on networks that are loaded for that, so that the weights are in memory twice then; with 1 they are not.
    /// </summary>
    public int Threads { get; init; }

    /// <summary><see cref="Threads"/>, with all cores as their number.</summary>
    internal int ThreadCount => Threads == 0 ? Environment.ProcessorCount : Threads;

    /// <summary>Whether a network's threads wait for the next piece of a run in a loop instead of asleep. What that does is measured in benchmarks.</summary>
    internal bool Spins { get; init; }

    /// <summary>Where the networks run.</summary>
    public ExecutionProvider ExecutionProvider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>Takes one line when <see cref="ExecutionProvider.Auto"/> falls back to the processor.</summary>
    public Action<string>? Log { get; init; }
}
