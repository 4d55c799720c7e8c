using ScottPlot;
using static System.FormattableString;

namespace StemJepa.Benchmarks.Growth;

/// <summary>A report as four curves: time and memory against audio and candidates. Both axes are logarithmic: linear growth is a line of slope 1.</summary>
internal static class GrowthPlot
{
    private const int Width = 1200, Height = 900;

    /// <summary>Renders the picture as PNG.</summary>
    public static byte[] Render(GrowthReport report)
    {
        PictureFont.Register();
        var multiplot = new Multiplot { Layout = new ScottPlot.MultiplotLayouts.Grid(2, 2) };
        multiplot.AddPlots(4);
        Draw(multiplot.GetPlot(0), report.Audio, "Embed a recording: time", "seconds of audio", "s", point => point.Seconds, report.Audio.SecondsPerUnit);
        Draw(multiplot.GetPlot(1), report.Audio, "Embed a recording: most memory of the process", "seconds of audio", "MB", point => point.MemoryMb, report.Audio.MegabytesPerUnit);
        Draw(multiplot.GetPlot(2), report.Candidates, "Rank candidates: time", "candidates", "s", point => point.Seconds, report.Candidates.SecondsPerUnit);
        Draw(multiplot.GetPlot(3), report.Candidates, "Rank candidates: their memory", "candidates", "MB", point => point.MemoryMb, report.Candidates.MegabytesPerUnit);
        return multiplot.Render(Width, Height).GetImageBytes(ImageFormat.Png);
    }

    private static void Draw(Plot plot, GrowthCurve curve, string title, string sizes, string unit, Func<GrowthPoint, double> value, double slope)
    {
        plot.Font.Set(PictureFont.Name);
        plot.Title(Invariant($"{title}, {slope:0.###} {unit} per {curve.Unit}"));
        plot.XLabel(sizes);
        plot.YLabel(unit);
        double[] xs = [.. curve.Points.Select(point => Math.Log10(point.Size))], ys = [.. curve.Points.Select(point => Math.Log10(value(point)))];
        ScottPlot.Plottables.Scatter line = plot.Add.Scatter(xs, ys);
        line.LineWidth = 3;
        line.MarkerSize = 9;
        int low = (int)Math.Floor(ys.Min()), high = Math.Max(low + 2, (int)Math.Ceiling(ys.Max()));
        plot.Axes.SetLimits(Math.Floor(xs.Min()), Math.Ceiling(xs.Max()), low, high);
        plot.Axes.Bottom.TickGenerator = Powers((int)Math.Floor(xs.Min()), (int)Math.Ceiling(xs.Max()));
        plot.Axes.Left.TickGenerator = Powers(low, high);
    }

    private static ScottPlot.TickGenerators.NumericManual Powers(int from, int to) =>
        new([.. Enumerable.Range(from, to - from + 1).Select(power => new Tick(power, Invariant($"{Math.Pow(10, power):#,0.########}")))]);
}
