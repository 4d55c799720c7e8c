namespace StemJepa.Benchmarks.Comparison;

/// <summary>The same work done by us and by a rival.</summary>
/// <param name="Rival">Who else does it.</param>
/// <param name="Ours">Does it once.</param>
/// <param name="Theirs">Does it once.</param>
internal sealed record Duel(string Rival, Action Ours, Action Theirs)
{
    /// <summary>Multiplications and additions of matrix products and convolutions, in units of 1e9; null when the processor's matrix rate does not bound the work.</summary>
    public double? Gigaflops { get; init; }

    /// <summary>Bytes, in units of 1e9, that the work must move; null when the memory does not bound it.</summary>
    public double? Gigabytes { get; init; }

    /// <summary>Threads that both may use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
