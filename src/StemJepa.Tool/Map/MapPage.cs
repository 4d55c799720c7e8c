namespace StemJepa.Tool.Map;

/// <summary>The data of a map's page.</summary>
internal sealed record MapPage(
    string Title, string Model, string Colour, IReadOnlyList<MapPageLegend> Legends, IReadOnlyList<MapPagePoint> Recordings)
{
    private const string WavPrefix = "data:audio/wav;base64,";

    public static MapPage Create(
        string title, string model, MapColour by, IReadOnlyList<MappedRecording> recordings, IReadOnlyList<MapPoint> points,
        MapPalette palette)
    {
        MapColour[] colours = Enum.GetValues<MapColour>();
        return new MapPage(title, model, NameOf(by), [.. colours.SelectMany(Legends)], [.. recordings.Zip(points, Point)]);

        IEnumerable<MapPageLegend> Legends(MapColour colour) =>
            palette.Legend(recordings, colour).Select(item => new MapPageLegend(NameOf(colour), item.Name, item.Colour));

        MapPagePoint Point(MappedRecording recording, MapPoint point) => new(
            point.File, Path.GetFileName(point.File), point.X, point.Y, point.Stem, point.Key, point.Tempo,
            [.. colours.Select(colour => palette.Of(recording, colour))],
            recording.Sound is { } sound ? WavPrefix + Convert.ToBase64String(sound) : null);
    }

    private static string NameOf(MapColour colour) => colour.ToString().ToLowerInvariant();
}

/// <summary>One colour of a map's page and its meaning.</summary>
/// <param name="By">What the map is then coloured by: <c>stem</c>, <c>key</c> or <c>tempo</c>.</param>
/// <param name="Name">The meaning.</param>
/// <param name="Colour">The colour, <c>#rrggbb</c>.</param>
internal sealed record MapPageLegend(string By, string Name, string Colour);

/// <summary>One point of a map's page.</summary>
/// <param name="File">The recording's path.</param>
/// <param name="Name">Its file name.</param>
/// <param name="X">First coordinate.</param>
/// <param name="Y">Second coordinate.</param>
/// <param name="Stem">The stem that it is; null if unknown.</param>
/// <param name="Key">Its key; null if unknown.</param>
/// <param name="Tempo">BPM; null if unknown.</param>
/// <param name="Colours">Its colours by stem, key and tempo.</param>
/// <param name="Sound">An excerpt as a data URI; null for a map without sound.</param>
internal sealed record MapPagePoint(
    string File, string Name, double X, double Y, string? Stem, string? Key, double? Tempo, IReadOnlyList<string> Colours, string? Sound);

/// <summary>A recording on a map: what <c>stemjepa map --json</c> prints of it.</summary>
/// <param name="File">The recording's path.</param>
/// <param name="X">Along the direction in which the recordings differ most.</param>
/// <param name="Y">Along the second such direction.</param>
/// <param name="Stem">The stem that it is; null if unknown.</param>
/// <param name="Key">Its key; null if unknown.</param>
/// <param name="Tempo">BPM; null if unknown.</param>
/// <param name="Silent">Whether nothing in it is audible, so that its place says nothing.</param>
internal sealed record MapPoint(string File, double X, double Y, string? Stem, string? Key, double? Tempo, bool Silent);
