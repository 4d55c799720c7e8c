using StemJepa.Tool.Output;

namespace StemJepa.Tool.Map;

/// <summary>What <c>stemjepa map --json</c> prints.</summary>
/// <param name="Picture">The PNG file.</param>
/// <param name="Page">The HTML file.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Variance">The shares of all variance that the two directions hold, 0..1.</param>
/// <param name="Points">The recordings.</param>
/// <param name="Skipped">Files that could not be used.</param>
internal sealed record MapReport(
    string Picture, string Page, string Model, IReadOnlyList<double> Variance, IReadOnlyList<MapPoint> Points, IReadOnlyList<SkippedFile> Skipped);
