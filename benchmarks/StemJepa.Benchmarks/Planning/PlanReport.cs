using System.Globalization;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.Planning;

/// <summary>A plan: its assumptions, its measured inputs, and its rows.</summary>
/// <param name="Assumed">Assumptions.</param>
/// <param name="Embedding">Where and when embedding was measured.</param>
/// <param name="Search">Where and when searching was measured.</param>
/// <param name="MeasuredEntries">Recordings in the catalogues that were searched.</param>
/// <param name="Rows">10^5, 10^7 and 10^9 stems in each precision.</param>
internal sealed record PlanReport(
    PlanAssumptions Assumed, Provenance Embedding, Provenance Search, int MeasuredEntries, IReadOnlyList<PlanRow> Rows)
{
    private static readonly long[] Sizes = [100_000, 10_000_000, 1_000_000_000];
    private static readonly string[] Columns =
        ["stems", "values", "embedding, core hours", "disk", "memory", "query, one node", "shards", "memory of each", "queries/s",
            "p50, p99 on paper", "p50, p99 simulated", "p99 under load"];

    /// <summary>Computes the plan.</summary>
    public static PlanReport Compute(PlanInputs measured, PlanAssumptions assumed) =>
        new(assumed, measured.Embedding, measured.Search, measured.Entries,
        [.. from stems in Sizes from figures in measured.Precisions select PlanRow.Compute(stems, figures, measured, assumed)]);

    /// <summary>Formats the table, the assumptions, and where the figures come from.</summary>
    public string ToMarkdown() =>
        DocumentTable.Of(Columns, Rows.Select(Cells))
        + Invariant($"\nStems of {Assumed.StemSeconds} s; shards so that 99 of 100 queries take at most {Assumed.TargetMs} ms, ")
        + Invariant($"{Assumed.NetworkMs} ms of them for network and merging (assumed); {Assumed.Queries:#,0} queries simulated, ")
        + Invariant($"under load at random times that keep nodes busy {100 * Assumed.Load:0.#} % of the time.\n\n")
        + $"Embedding: measured on {Embedding.Date}, {Embedding.Machine}, commit `{Embedding.Commit}`. "
        + Invariant($"Search: {MeasuredEntries:#,0} recordings, measured on {Search.Date}, {Search.Machine}, commit `{Search.Commit}`.\n");

    private static string[] Cells(PlanRow row) =>
    [
        Invariant($"10^{Math.Log10(row.Stems):0.#}"),
        row.Precision,
        $"{Number(row.EmbeddingCoreHours)} to {Number(row.WavCoreHours)}",
        Bytes(row.StorageGigabytes),
        Bytes(row.MemoryGigabytes),
        Time(row.OneNodeMs),
        Invariant($"{row.Shards:#,0}"),
        Bytes(row.ShardGigabytes),
        Number(row.QueriesPerSecond),
        $"{Time(row.PaperP50Ms)}, {Time(row.PaperP99Ms)}",
        $"{Time(row.SimulatedP50Ms)}, {Time(row.SimulatedP99Ms)}",
        Time(row.LoadedP99Ms),
    ];

    private static string Bytes(double gigabytes) => gigabytes switch
    {
        >= 1000 => Invariant($"{gigabytes / 1000:0.##} TB"),
        >= 1 => Invariant($"{gigabytes:0.##} GB"),
        _ => Invariant($"{1000 * gigabytes:0.#} MB"),
    };

    private static string Time(double ms) => ms >= 1000 ? Invariant($"{ms / 1000:0.##} s") : Invariant($"{ms:0.##} ms");

    private static string Number(double value) => value >= 100 ? Invariant($"{value:#,0}") : Invariant($"{value:0.##}");
}

/// <summary>Assumptions of a plan.</summary>
/// <param name="StemSeconds">Length of a stem.</param>
/// <param name="TargetMs">Time within which 99 of 100 queries must be answered.</param>
/// <param name="NetworkMs">Time to ask a shard and to merge its answer, besides the search.</param>
/// <param name="Load">Share of the time in which nodes are busy when queries come at random times, above 0 and below 1.</param>
/// <param name="Queries">Number of simulated queries.</param>
internal sealed record PlanAssumptions(double StemSeconds, double TargetMs, double NetworkMs, double Load, int Queries);

/// <summary>Costs of one number of stems, in one precision.</summary>
/// <param name="Stems">Number of stems.</param>
/// <param name="Precision"><c>single</c> or <c>int8</c>.</param>
/// <param name="EmbeddingCoreHours">Core hours to embed them from 16 kHz samples in memory.</param>
/// <param name="WavCoreHours">Core hours to embed them from 44.1 kHz stereo WAV files, at most.</param>
/// <param name="StorageGigabytes">Size on disk, in units of 1e9 bytes.</param>
/// <param name="MemoryGigabytes">Memory that every search reads.</param>
/// <param name="OneNodeMs">The median time of a query on one node like the measured one, if its memory held all.</param>
/// <param name="Shards">The fewest nodes like it that answer 99 of 100 queries within the target.</param>
/// <param name="ShardGigabytes">Memory that each of them needs for its share.</param>
/// <param name="QueriesPerSecond">Queries per second of these nodes together, one after the other.</param>
/// <param name="PaperP50Ms">Median time of a query over the shards, by the formula.</param>
/// <param name="PaperP99Ms">99th percentile, by the formula.</param>
/// <param name="SimulatedP50Ms">Median, by simulation.</param>
/// <param name="SimulatedP99Ms">99th percentile, by simulation.</param>
/// <param name="LoadedP99Ms">99th percentile, by simulation, when queries come at random times.</param>
internal sealed record PlanRow(
    long Stems, string Precision, double EmbeddingCoreHours, double WavCoreHours, double StorageGigabytes, double MemoryGigabytes,
        double OneNodeMs, long Shards,
    double ShardGigabytes, double QueriesPerSecond, double PaperP50Ms, double PaperP99Ms, double SimulatedP50Ms, double SimulatedP99Ms,
        double LoadedP99Ms)
{
    private const double SecondsOfHour = 3600, Giga = 1e9;
    private const int Seed = 1;

    /// <summary>Computes a row.</summary>
    public static PlanRow Compute(long stems, PrecisionFigures figures, PlanInputs measured, PlanAssumptions assumed)
    {
        var fan = new FanOut(figures.SearchMs, measured.Entries, assumed.NetworkMs);
        long shards = fan.ShardsFor(stems, assumed.TargetMs);
        double memory = stems * figures.MemoryPerEntry / Giga, oneNode = figures.MedianMs * stems / measured.Entries;
        (double median, double p99) = fan.Simulate(stems, shards, assumed.Queries, Seed);
        double windows = stems * assumed.StemSeconds / PlanInputs.WindowSeconds;
        return new PlanRow(stems, figures.Precision, Round(windows / measured.WindowsPerCoreSecond / SecondsOfHour),
            Round(stems * assumed.StemSeconds * measured.WavCoreSeconds / SecondsOfHour), Round(stems * figures.BytesPerEntry / Giga),
                Round(memory), Round(oneNode), shards,
            Round(memory / shards), Round(1000 * shards / oneNode), Round(fan.QuantileMs(stems, shards, 0.5)),
                Round(fan.QuantileMs(stems, shards, 0.99)), Round(median), Round(p99),
                    Round(fan.SimulateLoad(stems, shards, assumed.Load, assumed.Queries, Seed).P99Ms));
    }

    /// <summary>Rounds to four significant digits.</summary>
    private static double Round(double value) =>
        value == 0 ? 0 : double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
