using ScottPlot;

namespace StemJepa.Training.Training;

/// <summary>The curves of a run's <c>log.csv</c> as one picture: the loss above, the retrieval of the validations below.</summary>
internal static class TrainingPlot
{
    private const int Width = 1200, Height = 900;

    /// <summary>Steps that the smoothed loss averages, at most.</summary>
    private const int SmoothedSteps = 50;

    /// <summary>Reads <paramref name="logPath"/> and writes a PNG, whole or not at all; nothing while the log has no rows.</summary>
    /// <exception cref="StemJepaException">The picture cannot be written there.</exception>
    public static void Write(string logPath, string picturePath)
    {
        IReadOnlyList<LogRow> rows = TrainingLog.Read(logPath);
        if (rows.Count > 0)
            AtomicFile.Write(picturePath, stream => stream.Write(Render(rows)));
    }

    /// <summary>Renders the picture as PNG.</summary>
    /// <param name="rows">At least one; values that are not finite are left out.</param>
    public static byte[] Render(IReadOnlyList<LogRow> rows)
    {
        PictureFont.Register();
        var multiplot = new Multiplot();
        multiplot.AddPlots(2);
        DrawLoss(multiplot.GetPlot(0), rows);
        DrawValidation(multiplot.GetPlot(1), rows);
        return multiplot.Render(Width, Height).GetImageBytes(ImageFormat.Png);
    }

    /// <summary>The mean of each value and up to <paramref name="length"/> - 1 before it.</summary>
    public static double[] Smooth(IReadOnlyList<double> values, int length)
    {
        var smoothed = new double[values.Count];
        for (int i = 0; i < smoothed.Length; i++)
        {
            int first = Math.Max(0, i - length + 1);
            smoothed[i] = values.Skip(first).Take(i - first + 1).Average();
        }
        return smoothed;
    }

    private static void DrawLoss(Plot plot, IReadOnlyList<LogRow> rows)
    {
        plot.Font.Set(PictureFont.Name);
        plot.Title("Loss");
        plot.XLabel("step");
        foreach (IGrouping<string, LogRow> stage in rows.Where(row => double.IsFinite(row.Loss)).GroupBy(row => row.Stage))
        {
            double[] steps = [.. stage.Select(row => (double)row.Step)], losses = [.. stage.Select(row => row.Loss)];
            ScottPlot.Plottables.Scatter raw = plot.Add.ScatterLine(steps, losses);
            ScottPlot.Plottables.Scatter smooth = plot.Add.ScatterLine(steps, Smooth(losses, SmoothedSteps), raw.Color);
            raw.Color = raw.Color.WithAlpha(0.25);
            smooth.LineWidth = 3;
            smooth.LegendText = $"{stage.Key}, mean of {SmoothedSteps} steps";
        }
        plot.ShowLegend(Alignment.UpperRight);
    }

    private static void DrawValidation(Plot plot, IReadOnlyList<LogRow> rows)
    {
        plot.Font.Set(PictureFont.Name);
        plot.Title("Validation retrieval");
        plot.XLabel("step");
        plot.YLabel("%");
        AddCurve(plot, rows, row => row.ValidationRecallAt1, "R@1 (higher is better)");
        AddCurve(plot, rows, row => row.ValidationMeanRank, "mean normalised rank (lower is better)");
        AddCurve(plot, rows, row => row.ValidationAlignedRecallAt1, "R@1 aligned in time (not the paper's protocol)");
        plot.Axes.SetLimits(0, Math.Max(1, rows[^1].Step), 0, 100);
        plot.ShowLegend(Alignment.UpperRight);
    }

    private static void AddCurve(Plot plot, IReadOnlyList<LogRow> rows, Func<LogRow, double?> share, string label)
    {
        LogRow[] validated = [.. rows.Where(row => share(row) is { } value && double.IsFinite(value))];
        if (validated.Length == 0)
            return;
        ScottPlot.Plottables.Scatter curve = plot.Add.Scatter(
            validated.Select(row => (double)row.Step).ToArray(), validated.Select(row => 100 * share(row)!.Value).ToArray());
        curve.LegendText = label;
        curve.LineWidth = 2;
    }
}
