using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.Planning;

/// <summary>The plan: what was assumed, what it rests on, and its rows.</summary>
/// <param name="Assumed">What is taken for granted.</param>
/// <param name="Embedding">Where and when embedding was measured.</param>
/// <param name="Search">Where and when searching was measured.</param>
/// <param name="MeasuredEntries">Recordings in the catalogues that were searched.</param>
/// <param name="Rows">10^5, 10^7 and 10^9 stems in each precision.</param>
internal sealed record PlanReport(PlanAssumptions Assumed, Provenance Embedding, Provenance Search, int MeasuredEntries, IReadOnlyList<PlanRow> Rows)
{
    private static readonly long[] Sizes = [100_000, 10_000_000, 1_000_000_000];
    private static readonly string[] Columns =
        ["stems", "values", "embedding, core hours", "disk", "memory", "query, one node", "shards", "memory of each", "queries/s", "p50, p99 on paper", "p50, p99 simulated", "p99 under load"];

    /// <summary>Computes the plan.</summary>
    public static PlanReport Of(PlanInputs measured, PlanAssumptions assumed) => new(assumed, measured.Embedding, measured.Search, measured.Entries,
        [.. from stems in Sizes from figures in measured.Precisions select PlanRow.Of(stems, figures, measured, assumed)]);

    /// <summary>As Markdown: the table, what was assumed, and where the figures come from.</summary>
    public string ToMarkdown() => DocumentTable.Of(Columns, Rows.Select(row => new[]
    {
        Invariant($"10^{Math.Log10(row.Stems):0.#}"), row.Precision, $"{Number(row.EmbeddingCoreHours)} to {Number(row.WavCoreHours)}", Bytes(row.StorageGigabytes), Bytes(row.MemoryGigabytes),
        Time(row.OneNodeMs), Invariant($"{row.Shards:#,0}"), Bytes(row.ShardGigabytes), Number(row.QueriesPerSecond),
        $"{Time(row.PaperP50Ms)}, {Time(row.PaperP99Ms)}", $"{Time(row.SimulatedP50Ms)}, {Time(row.SimulatedP99Ms)}", Time(row.LoadedP99Ms),
    })) + Invariant($"\nStems of {Assumed.StemSeconds} s; shards so that 99 of 100 queries take at most {Assumed.TargetMs} ms, {Assumed.NetworkMs} ms of them for network and merging (assumed); ")
        + Invariant($"{Assumed.Queries:#,0} queries simulated, under load at random moments that keep nodes busy {100 * Assumed.Load:0.#} % of the time.\n\nEmbedding: measured on {Embedding.Date}, {Embedding.Machine}, commit `{Embedding.Commit}`. ")
        + Invariant($"Search: {MeasuredEntries:#,0} recordings, measured on {Search.Date}, {Search.Machine}, commit `{Search.Commit}`.\n");

    private static string Bytes(double gigabytes) => gigabytes switch
    {
        >= 1000 => Invariant($"{gigabytes / 1000:0.##} TB"),
        >= 1 => Invariant($"{gigabytes:0.##} GB"),
        _ => Invariant($"{1000 * gigabytes:0.#} MB"),
    };

    private static string Time(double ms) => ms >= 1000 ? Invariant($"{ms / 1000:0.##} s") : Invariant($"{ms:0.##} ms");

    private static string Number(double value) => value >= 100 ? Invariant($"{value:#,0}") : Invariant($"{value:0.##}");
}
