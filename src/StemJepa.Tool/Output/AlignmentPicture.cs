using ScottPlot;

namespace StemJepa.Tool.Output;

/// <summary>The curve of an alignment as a picture.</summary>
internal static class AlignmentPicture
{
    private const int Width = 1200, Height = 500;

    /// <summary>Renders the picture as PNG.</summary>
    public static byte[] Render(StemAlignment alignment, string title)
    {
        PictureFont.Register();
        using var plot = new Plot();
        plot.Font.Set(PictureFont.Name);
        var curve = plot.Add.Signal(Array.ConvertAll(alignment.Curve.ToArray(), value => (double)value), StemAlignment.Step);
        curve.Data.XOffset = alignment.FirstShift;
        curve.LineWidth = 2;
        plot.Add.VerticalLine(alignment.BestShift, 2, Colors.Orange, LinePattern.Dashed);
        plot.Title(title);
        plot.XLabel("how much later than the mix the candidate starts, seconds");
        plot.YLabel("affinity");
        return plot.GetImage(Width, Height).GetImageBytes(ImageFormat.Png);
    }
}
