using ScottPlot;

namespace StemJepa.Training.Evaluation;

/// <summary>Recall at 1 to 100 of every method of a report, as one picture.</summary>
internal static class RecallPlot
{
    private const int Width = 1200, Height = 800;

    /// <summary>Renders the picture as PNG; published figures are points at 1, 5 and 10.</summary>
    public static byte[] Render(RetrievalReport report)
    {
        PictureFont.Register();
        var plot = new Plot();
        plot.Font.Set(PictureFont.Name);
        foreach (var (method, result) in report.Methods)
        {
            ScottPlot.Plottables.Scatter line = plot.Add.ScatterLine(
                Enumerable.Range(1, result.RecallCurve.Count).Select(k => Math.Log10(k)).ToArray(),
                    result.RecallCurve.Select(recall => 100 * recall).ToArray());
            bool aligned = method.EndsWith(RetrievalReport.AlignedSuffix, StringComparison.Ordinal);
            line.LegendText = RetrievalTables.NameOf(method, report.ModelName) + (aligned ? " (not the paper's protocol)" : "");
            line.LineWidth = method is RetrievalReport.ModelMethod ? 4 : 2;
            line.LinePattern = aligned ? LinePattern.Dashed : LinePattern.Solid;
        }
        foreach (var (corpus, methods) in report.Published)
        foreach (var (method, metrics) in methods)
        {
            ScottPlot.Plottables.Scatter points = plot.Add.ScatterPoints(
                new[] { 0, Math.Log10(5), 1 },
                    new[] { metrics.RecallAt1, metrics.RecallAt5, metrics.RecallAt10 }.Select(recall => 100 * recall).ToArray());
            points.LegendText = $"{RetrievalTables.PublishedName(corpus, method)} (of {metrics.Queries} stems)";
            points.MarkerSize = 10;
        }
        plot.Title($"Recall at k, {report.Songs} songs of {report.Corpus}, {report.Model.Queries} stems");
        plot.XLabel("k");
        plot.YLabel("recall at k, %");
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. new[] { 1, 2, 5, 10, 20, 50, 100 }.Select(k => new Tick(Math.Log10(k), $"{k}"))]);
        plot.Axes.SetLimits(0, 2, 0, 100);
        plot.ShowLegend(Alignment.UpperLeft);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }
}
