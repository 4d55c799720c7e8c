namespace StemJepa.Tool.Output;

/// <summary>What <c>stemjepa rank --json</c> prints.</summary>
/// <param name="Stem">The missing stem's name.</param>
/// <param name="Mix">The mix, as given.</param>
/// <param name="Results">The candidates, best first.</param>
/// <param name="Skipped">The files that could not be read.</param>
internal sealed record RankReport(string Stem, string Mix, IReadOnlyList<RankedFile> Results, IReadOnlyList<SkippedFile> Skipped);
