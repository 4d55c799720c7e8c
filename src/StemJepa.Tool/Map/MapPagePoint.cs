namespace StemJepa.Tool.Map;

/// <summary>One point of a map's page.</summary>
/// <param name="File">The recording's path.</param>
/// <param name="Name">Its file name.</param>
/// <param name="X">First coordinate.</param>
/// <param name="Y">Second coordinate.</param>
/// <param name="Stem">The stem that it is; null if unknown.</param>
/// <param name="Key">Its key; null if unknown.</param>
/// <param name="Tempo">Beats a minute; null if unknown.</param>
/// <param name="Colours">Its colours by stem, key and tempo.</param>
/// <param name="Sound">A moment of it as a data URI; null for a map without sound.</param>
internal sealed record MapPagePoint(
    string File, string Name, double X, double Y, string? Stem, string? Key, double? Tempo, IReadOnlyList<string> Colours, string? Sound);
