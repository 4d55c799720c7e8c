using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.Growth;

/// <summary>How the cost grows with the work.</summary>
/// <param name="Audio">Embedding one recording: its length in seconds, time, the most memory of the process.</param>
/// <param name="Candidates">Ranking embeddings made before: their number, time, managed memory that they take.</param>
/// <param name="Measured">Where and when.</param>
internal sealed record GrowthReport(GrowthCurve Audio, GrowthCurve Candidates, Provenance Measured)
{
    private static readonly string[] Columns = ["work", "size", "time", "memory"];

    /// <summary>As Markdown: the points, then the slopes.</summary>
    public string ToMarkdown() =>
        DocumentTable.Of(Columns, [.. Rows(Audio, "embed audio", " s"), .. Rows(Candidates, "rank candidates", "")])
        + "\n" + Slopes(Audio) + " " + Slopes(Candidates) + "\n"
        + DocumentTable.Provenance(Measured.Date, Measured.Machine, Measured.Commit);

    private static IEnumerable<string[]> Rows(GrowthCurve curve, string work, string unit) => curve.Points.Select(point => new[]
    {
        work, Invariant($"{point.Size:#,0}{unit}"), point.Seconds < 1 ? Invariant($"{1000 * point.Seconds:0.###} ms") : Invariant($"{point.Seconds:0.##} s"),
        Invariant($"{point.MemoryMb:0.##} MB"),
    });

    private static string Slopes(GrowthCurve curve) =>
        Invariant($"Per {curve.Unit}: {curve.SecondsPerUnit:0.###} s and {curve.MegabytesPerUnit:0.##} MB more.");
}
