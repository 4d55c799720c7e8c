namespace StemJepa.Tool.Output;

/// <summary>What <c>stemjepa bench --json</c> prints.</summary>
/// <param name="ClipsPerSecond">Windows of 8 s embedded a second, in one long recording on all threads.</param>
/// <param name="RealTimeFactor">Seconds of work for a second of that recording: 0.01 is a hundred times faster than it plays.</param>
/// <param name="P50Ms">Median time of embedding one clip of 8 s, in milliseconds.</param>
/// <param name="P99Ms">The time that 99 of 100 such clips stay under.</param>
/// <param name="ColdStartMs">Time from opening the model to the first embedding of 8 s.</param>
/// <param name="PeakMemoryMb">The most memory that the process held, in units of 10^6 bytes.</param>
internal sealed record BenchReport(
    double ClipsPerSecond, double RealTimeFactor, double P50Ms, double P99Ms, double ColdStartMs, double PeakMemoryMb);
