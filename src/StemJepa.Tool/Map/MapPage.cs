namespace StemJepa.Tool.Map;

/// <summary>What the page of a map is filled with.</summary>
internal sealed record MapPage(string Title, string Model, string Colour, IReadOnlyList<MapPageLegend> Legends, IReadOnlyList<MapPagePoint> Recordings)
{
    private const string WavPrefix = "data:audio/wav;base64,";

    public static MapPage Of(string title, string model, MapColour by, IReadOnlyList<MappedRecording> recordings, IReadOnlyList<MapPoint> points, MapPalette palette)
    {
        MapColour[] colours = Enum.GetValues<MapColour>();
        return new MapPage(title, model, NameOf(by),
            [.. colours.SelectMany(colour => palette.Legend(recordings, colour).Select(item => new MapPageLegend(NameOf(colour), item.Name, item.Colour)))],
            [.. recordings.Zip(points, (recording, point) => new MapPagePoint(point.File, Path.GetFileName(point.File), point.X, point.Y, point.Stem, point.Key, point.Tempo,
                [.. colours.Select(colour => palette.Of(recording, colour))], recording.Sound is { } sound ? WavPrefix + Convert.ToBase64String(sound) : null))]);
    }

    private static string NameOf(MapColour colour) => colour.ToString().ToLowerInvariant();
}
