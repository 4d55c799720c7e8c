namespace StemJepa;

/// <summary>How a model is run. Immutable.</summary>
public sealed record StemAffinityOptions
{
    /// <summary>The most threads that are taken: more than any machine gains from, few enough to start and end at once.</summary>
    internal const int MaximumThreads = 1024;

    private const int MaximumGpuBatch = 256;

    /// <summary>
    /// Threads that one network uses, with the calling thread, 0..1024; 0 means all cores. They sleep while nothing is embedded. When as
    /// many callers embed at once, each gets one thread, on networks that are loaded for that, so that the weights are in memory twice
    /// then; with 1 they are not.
    /// </summary>
    public int Threads { get; init; }

    /// <summary><see cref="Threads"/>, with all cores as their number.</summary>
    internal int ThreadCount => Threads == 0 ? Environment.ProcessorCount : Threads;

    /// <summary>Where the networks run.</summary>
    public ExecutionProvider ExecutionProvider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>Number of the GPU to run on, as CUDA counts them, from 0; without effect on the processor.</summary>
    public int DeviceId { get; init; }

    /// <summary>
    /// Windows of 8 s that go through a network at once on a GPU, 1..256: more take more of the GPU's memory, and less time where
    /// recordings are long. Without effect on the processor, where it is 4.
    /// </summary>
    public int GpuBatchSize { get; init; } = 32;

    /// <summary>
    /// How long each network may take to load, and for its first run, more than 0 and up to a day: a model that somebody made to run
    /// forever is an error after this time, and may keep a thread of the process busy.
    /// </summary>
    public TimeSpan FirstRunLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Takes one line when <see cref="ExecutionProvider.Auto"/> falls back to the processor.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Refuses values that are out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is.</exception>
    internal void Check()
    {
        Require(Threads is >= 0 and <= MaximumThreads, nameof(Threads), Threads, $"use 0 for all cores, or 1 to {MaximumThreads}");
        Require(DeviceId >= 0, nameof(DeviceId), DeviceId, "use the number of a GPU, from 0");
        Require(GpuBatchSize is >= 1 and <= MaximumGpuBatch, nameof(GpuBatchSize), GpuBatchSize, $"use 1 to {MaximumGpuBatch}");
        Require(FirstRunLimit > TimeSpan.Zero && FirstRunLimit <= TimeSpan.FromDays(1), nameof(FirstRunLimit), FirstRunLimit,
            "use more than 0 and up to a day");
        Require(Enum.IsDefined(ExecutionProvider), nameof(ExecutionProvider), ExecutionProvider, "use Cpu, Cuda or Auto");
    }

    private static void Require(bool holds, string option, object value, string cure)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, value, $"{option} is {value}: {cure}.");
    }
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
