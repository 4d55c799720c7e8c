using ScottPlot;

namespace StemJepa.Tool.Commands;

/// <summary>The curves of an alignment as a picture.</summary>
internal static class AlignmentPicture
{
    private const int Width = 1200, Height = 500;

    /// <summary>Renders the picture as PNG.</summary>
    public static byte[] Render(StemAlignment alignment, string title)
    {
        using Plot plot = PictureFont.CreatePlot();
        Draw(plot, alignment.Curve, alignment.FirstShift.TotalSeconds, StemAlignment.Step.TotalSeconds, "affinity");
        Draw(plot, alignment.CorrelationCurve, alignment.FirstShift.TotalSeconds, StemAlignment.CorrelationStep.TotalSeconds,
            "correlation");
        plot.Add.VerticalLine(alignment.BestShift.TotalSeconds, 2, Colors.Orange, LinePattern.Dashed);
        plot.Title(title);
        plot.XLabel("how much later than the mix the candidate starts, seconds");
        plot.YLabel("affinity, correlation");
        plot.ShowLegend();
        return plot.GetImage(Width, Height).GetImageBytes(ImageFormat.Png);
    }

    private static void Draw(Plot plot, ReadOnlyMemory<float> values, double first, double step, string name)
    {
        var curve = plot.Add.Signal(Array.ConvertAll(values.ToArray(), value => (double)value), step);
        curve.Data.XOffset = first;
        curve.LineWidth = 2;
        curve.LegendText = name;
    }
}
