namespace StemJepa.Benchmarks.UserPath;

/// <summary>What a <see cref="Trial"/> prints.</summary>
/// <param name="ColdStartMs">From opening the shipped model to the first embedding of 8 s.</param>
/// <param name="EmbedSeconds">Time for the recording that followed, from its WAV file; 0 if there was none.</param>
/// <param name="PeakMemoryMb">The most memory that the process held, in units of 10^6 bytes.</param>
/// <param name="IdleCpu">Processor time per second after use, of one core; 0 if it was not asked for.</param>
internal sealed record TrialResult(double ColdStartMs, double EmbedSeconds, double PeakMemoryMb, double IdleCpu);
