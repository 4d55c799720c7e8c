using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.TrainingSpeed;

/// <summary>What the command <c>training</c> writes.</summary>
/// <param name="GemmPeakGigaflops">The matrix rate of the processor in the precision that training uses, measured in the same run.</param>
/// <param name="Batch">What is computed.</param>
/// <param name="Rows">Ways to compute it, and what the first one consists of.</param>
/// <param name="Measured">Where and when.</param>
internal sealed record TrainingReport(double GemmPeakGigaflops, string Batch, IReadOnlyList<TrainingReport.Row> Rows, Provenance Measured)
{
    /// <summary>One way, or one part of the first way.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="IsPart">Whether it is a part.</param>
    /// <param name="Milliseconds">Of the batch, the median.</param>
    /// <param name="ClipsPerSecond">Clips of the batch in that time.</param>
    /// <param name="GigaflopsPerSecond">Its matrix products and convolutions; null if it has none.</param>
    /// <param name="OfGemmPeak">Their share of the matrix rate.</param>
    internal sealed record Row(string Name, bool IsPart, double Milliseconds, double ClipsPerSecond, double? GigaflopsPerSecond, double? OfGemmPeak);

    /// <summary>The table for documents.</summary>
    public string ToMarkdown() =>
        DocumentTable.Of(["", "ms a batch", "of the first row", "clips/s", "GFLOP/s", "of the matrix rate"], Rows.Select(row => (string[])
        [
            row.IsPart ? $"- {row.Name}" : row.Name, Invariant($"{row.Milliseconds:F0}"), Invariant($"{100 * row.Milliseconds / Rows[0].Milliseconds:F0} %"), row.IsPart ? "" : Invariant($"{row.ClipsPerSecond:F0}"),
            row.GigaflopsPerSecond is { } rate ? Invariant($"{rate:F0}") : "", row.OfGemmPeak is { } share ? Invariant($"{100 * share:F0} %") : "",
        ])) + $"\n{Batch}; the matrix rate is {GemmPeakGigaflops} GFLOP/s.\n" + DocumentTable.Provenance(Measured.Date, Measured.Machine, Measured.Commit);
}
