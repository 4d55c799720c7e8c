namespace StemJepa.Benchmarks.Planning;

/// <summary>What one number of stems would cost, in one precision.</summary>
/// <param name="Stems">How many.</param>
/// <param name="Precision"><c>single</c> or <c>int8</c>.</param>
/// <param name="EmbeddingCoreHours">Hours of one core for embedding them from 16 kHz samples in memory.</param>
/// <param name="WavCoreHours">The same from 44.1 kHz stereo WAV files, at most.</param>
/// <param name="StorageGigabytes">On the disk, in units of 1e9 bytes.</param>
/// <param name="MemoryGigabytes">What every search reads, and memory must hold.</param>
/// <param name="OneNodeMs">The median time of a query on one node like the measured one, if its memory held all.</param>
/// <param name="Shards">The fewest nodes like it that answer 99 of 100 queries within the target.</param>
/// <param name="ShardGigabytes">Memory that each of them needs for its share.</param>
/// <param name="QueriesPerSecond">Queries that these nodes together answer in a second, one after the other.</param>
/// <param name="PaperP50Ms">Median time of a query over the shards, by the formula.</param>
/// <param name="PaperP99Ms">99th percentile, by the formula.</param>
/// <param name="SimulatedP50Ms">Median, by simulation.</param>
/// <param name="SimulatedP99Ms">99th percentile, by simulation.</param>
/// <param name="LoadedP99Ms">99th percentile, by simulation, when queries come at random moments.</param>
internal sealed record PlanRow(
    long Stems, string Precision, double EmbeddingCoreHours, double WavCoreHours, double StorageGigabytes, double MemoryGigabytes, double OneNodeMs, long Shards,
    double ShardGigabytes, double QueriesPerSecond, double PaperP50Ms, double PaperP99Ms, double SimulatedP50Ms, double SimulatedP99Ms, double LoadedP99Ms)
{
    private const double SecondsOfHour = 3600, Giga = 1e9;
    private const int Seed = 1;

    /// <summary>Computes a row.</summary>
    public static PlanRow Of(long stems, PrecisionFigures figures, PlanInputs measured, PlanAssumptions assumed)
    {
        var fan = new FanOut(figures.SearchMs, measured.Entries, assumed.NetworkMs);
        long shards = fan.ShardsFor(stems, assumed.TargetMs);
        double memory = stems * figures.MemoryPerEntry / Giga, oneNode = figures.MedianMs * stems / measured.Entries;
        (double median, double p99) = fan.Simulate(stems, shards, assumed.Queries, Seed);
        double windows = stems * assumed.StemSeconds / PlanInputs.WindowSeconds;
        return new PlanRow(stems, figures.Precision, Round(windows / measured.WindowsPerCoreSecond / SecondsOfHour),
            Round(stems * assumed.StemSeconds * measured.WavCoreSeconds / SecondsOfHour), Round(stems * figures.BytesPerEntry / Giga), Round(memory), Round(oneNode), shards,
            Round(memory / shards), Round(1000 * shards / oneNode), Round(fan.QuantileMs(stems, shards, 0.5)), Round(fan.QuantileMs(stems, shards, 0.99)), Round(median), Round(p99), Round(fan.SimulateLoad(stems, shards, assumed.Load, assumed.Queries, Seed).P99Ms));
    }

    /// <summary>Four significant digits.</summary>
    private static double Round(double value) => value == 0 ? 0 : double.Parse(value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
