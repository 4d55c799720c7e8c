using ScottPlot;

namespace StemJepa.Training.Evaluation;

/// <summary>A report as bars: the metric that chose the heads, with its deviation over seeds.</summary>
internal static class ProbePlot
{
    private const int Width = 1000, Height = 600;

    /// <summary>Renders the picture as PNG.</summary>
    public static byte[] Render(ProbeReport report)
    {
        PictureFont.Register();
        var plot = new Plot();
        plot.Font.Set(PictureFont.Name);
        string metric = report.Methods.Values.First().Metrics.Keys.First();
        (string Method, ProbeMetric Value)[] bars = [.. report.Methods.Select(method => (method.Key, method.Value.Metrics[metric]))];
        for (int i = 0; i < bars.Length; i++)
        {
            plot.Add.Bar(new Bar
            {
                Position = i,
                Value = 100 * bars[i].Value.Mean,
                Error = 100 * bars[i].Value.Deviation,
                FillColor = bars[i].Method.StartsWith(ProbeReport.ModelMethod, StringComparison.Ordinal) ? Colors.C0 : Colors.Gray,
            });
        }
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. bars.Select((bar, i) => new Tick(i, ProbeTable.NameOf(bar.Method, report)))]);
        plot.Axes.SetLimitsY(0, 100);
        plot.YLabel($"{metric.Replace('_', ' ')}, %");
        plot.Title($"{report.Task}, {report.Clips["test"]} test clips of {report.DataSet}");
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }
}
