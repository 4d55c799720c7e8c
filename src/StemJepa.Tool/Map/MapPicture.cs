using ScottPlot;

namespace StemJepa.Tool.Map;

/// <summary>A map as a picture.</summary>
internal static class MapPicture
{
    private const int Width = 1200, Height = 900;
    private const float MarkerSize = 11;

    /// <summary>Renders the picture as PNG.</summary>
    public static byte[] Render(
        IReadOnlyList<MappedRecording> recordings, IReadOnlyList<(double X, double Y)> points, MapPalette palette, MapColour by,
        string title)
    {
        using Plot plot = PictureFont.CreatePlot();
        foreach (var group in recordings.Zip(points).GroupBy(item => palette.Of(item.First, by)))
        {
            double[] xs = [.. group.Select(item => item.Second.X)], ys = [.. group.Select(item => item.Second.Y)];
            ScottPlot.Plottables.Markers markers = plot.Add.Markers(
                xs, ys, MarkerShape.FilledCircle, MarkerSize, Color.FromHex(group.Key).WithAlpha(0.85));
            markers.MarkerLineColor = Colors.White;
        }
        plot.Legend.ManualItems.AddRange(palette.Legend(recordings, by).Select(item => new LegendItem
        {
            LabelText = item.Name,
            MarkerShape = MarkerShape.FilledCircle,
            MarkerSize = MarkerSize,
            MarkerColor = Color.FromHex(item.Colour),
        }));
        plot.ShowLegend(Edge.Right);
        plot.Title(title);
        plot.XLabel("first principal component");
        plot.YLabel("second principal component");
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }
}
