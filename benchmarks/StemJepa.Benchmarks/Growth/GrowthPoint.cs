namespace StemJepa.Benchmarks.Growth;

/// <summary>What one amount of work took.</summary>
/// <param name="Size">Seconds of audio, or candidates.</param>
/// <param name="Seconds">Time.</param>
/// <param name="MemoryMb">Memory, in units of 10^6 bytes.</param>
internal sealed record GrowthPoint(double Size, double Seconds, double MemoryMb);
