namespace StemJepa;

/// <summary>How a model is run. Immutable.</summary>
public sealed record StemAffinityOptions
{
    /// <summary>
    /// Threads that one network uses, with the calling thread; 0 means all cores. They sleep while nothing is embedded. When as many
    /// callers embed at once, each gets one thread, on networks that are loaded for that, so that the weights are in memory twice then;
    /// with 1 they are not.
    /// </summary>
    public int Threads { get; init; }

    /// <summary><see cref="Threads"/>, with all cores as their number.</summary>
    internal int ThreadCount => Threads == 0 ? Environment.ProcessorCount : Threads;

    /// <summary>Where the networks run.</summary>
    public ExecutionProvider ExecutionProvider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>Takes one line when <see cref="ExecutionProvider.Auto"/> falls back to the processor.</summary>
    public Action<string>? Log { get; init; }
}

/// <summary>Where the networks run.</summary>
public enum ExecutionProvider
{
    /// <summary>On the processor.</summary>
    Cpu = 0,

    /// <summary>On an NVIDIA GPU; an error where that is not possible. Needs the package StemJepa.Gpu.</summary>
    Cuda = 1,

    /// <summary>
    /// On an NVIDIA GPU where that is possible, otherwise on the processor, with one line in <see cref="StemAffinityOptions.Log"/>.
    /// </summary>
    Auto = 2,
}
