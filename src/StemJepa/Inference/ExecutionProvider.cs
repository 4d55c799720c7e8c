namespace StemJepa;

/// <summary>Where the networks run.</summary>
public enum ExecutionProvider
{
    /// <summary>On the processor.</summary>
    Cpu = 0,

    /// <summary>On an NVIDIA GPU; an error where that is not possible. Needs the package StemJepa.Gpu.</summary>
    Cuda = 1,

    /// <summary>On an NVIDIA GPU where that is possible, otherwise on the processor, with one line in <see cref="StemAffinityOptions.Log"/>.</summary>
    Auto = 2,
}
