namespace StemJepa.Tool.Map;

/// <summary>A recording on a map: what <c>stemjepa map --json</c> prints of it.</summary>
/// <param name="File">The recording's path.</param>
/// <param name="X">Along the direction in which the recordings differ most.</param>
/// <param name="Y">Along the second such direction.</param>
/// <param name="Stem">The stem that it is; null if unknown.</param>
/// <param name="Key">Its key; null if unknown.</param>
/// <param name="Tempo">Beats a minute; null if unknown.</param>
/// <param name="Silent">Whether nothing in it is audible, so that its place says nothing.</param>
internal sealed record MapPoint(string File, double X, double Y, string? Stem, string? Key, double? Tempo, bool Silent);
