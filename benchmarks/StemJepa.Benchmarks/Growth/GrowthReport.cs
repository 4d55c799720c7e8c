using MathNet.Numerics;
using ScottPlot;
using StemJepa.Reporting;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.Growth;

/// <summary>Time and memory of one amount of work.</summary>
/// <param name="Size">Seconds of audio, or candidates.</param>
/// <param name="Seconds">Time.</param>
/// <param name="MemoryMb">Memory, in units of 10^6 bytes.</param>
internal sealed record GrowthPoint(double Size, double Seconds, double MemoryMb);

/// <summary>Time and memory against the amount of work, and the slopes of straight lines through them (least squares).</summary>
/// <param name="SecondsPerUnit">Slope of the time, per <paramref name="Unit"/>.</param>
/// <param name="MegabytesPerUnit">Slope of the memory.</param>
/// <param name="Unit">Unit of work of the slopes, such as <c>hour</c>.</param>
/// <param name="UnitSize">That unit in the terms of <see cref="GrowthPoint.Size"/>.</param>
/// <param name="Points">Measurements, by ascending size.</param>
internal sealed record GrowthCurve(
    double SecondsPerUnit, double MegabytesPerUnit, string Unit, double UnitSize, IReadOnlyList<GrowthPoint> Points)
{
    /// <summary>Fits the curve through at least two points of different size.</summary>
    public static GrowthCurve From(string unit, double unitSize, IReadOnlyList<GrowthPoint> points)
    {
        double[] sizes = [.. points.Select(point => point.Size / unitSize)];
        double Slope(Func<GrowthPoint, double> value) => Math.Round(Fit.Line(sizes, [.. points.Select(value)]).B, 4);
        return new GrowthCurve(Slope(point => point.Seconds), Slope(point => point.MemoryMb), unit, unitSize, points);
    }
}

/// <summary>How the cost grows with the work.</summary>
/// <param name="Audio">Embedding one recording: its length in seconds, time, peak memory of the process.</param>
/// <param name="Candidates">Ranking existing embeddings: their number, time, managed memory that they take.</param>
/// <param name="Measured">Where and when.</param>
internal sealed record GrowthReport(GrowthCurve Audio, GrowthCurve Candidates, Provenance Measured)
{
    private const int Width = 1200, Height = 900;
    private static readonly string[] Columns = ["work", "size", "time", "memory"];

    /// <summary>Formats the points, then the slopes, as Markdown.</summary>
    public string ToMarkdown() =>
        DocumentTable.Of(Columns, [.. Rows(Audio, "embed audio", " s"), .. Rows(Candidates, "rank candidates", "")])
        + "\n" + Slopes(Audio) + " " + Slopes(Candidates) + "\n"
        + DocumentTable.Provenance(Measured.Date, Measured.Machine, Measured.Commit);

    /// <summary>
    /// Renders four curves as PNG: time and memory against audio and candidates. Both axes are logarithmic: linear growth is a line of
    /// slope 1.
    /// </summary>
    public byte[] ToPng()
    {
        PictureFont.Register();
        var multiplot = new Multiplot { Layout = new ScottPlot.MultiplotLayouts.Grid(2, 2) };
        multiplot.AddPlots(4);
        (GrowthCurve Curve, string Title, string Sizes, string Unit, Func<GrowthPoint, double> Value, double Slope)[] plots =
        [
            (Audio, "Embed a recording: time", "seconds of audio", "s", point => point.Seconds, Audio.SecondsPerUnit),
            (Audio, "Embed a recording: peak memory of the process", "seconds of audio", "MB", point =>
                point.MemoryMb, Audio.MegabytesPerUnit),
            (Candidates, "Rank candidates: time", "candidates", "s", point => point.Seconds, Candidates.SecondsPerUnit),
            (Candidates, "Rank candidates: their memory", "candidates", "MB", point => point.MemoryMb, Candidates.MegabytesPerUnit),
        ];
        for (int i = 0; i < plots.Length; i++)
            Draw(
                multiplot.GetPlot(i), plots[i].Curve,
                    Invariant($"{plots[i].Title}, {plots[i].Slope:0.###} {plots[i].Unit} per {plots[i].Curve.Unit}"), plots[i].Sizes,
                        plots[i].Unit, plots[i].Value);
        return multiplot.Render(Width, Height).GetImageBytes(ImageFormat.Png);
    }

    private static IEnumerable<string[]> Rows(GrowthCurve curve, string work, string unit) => curve.Points.Select(point => new[]
    {
        work,
        Invariant($"{point.Size:#,0}{unit}"),
        point.Seconds < 1 ? Invariant($"{1000 * point.Seconds:0.###} ms") : Invariant($"{point.Seconds:0.##} s"),
        Invariant($"{point.MemoryMb:0.##} MB"),
    });

    private static string Slopes(GrowthCurve curve) =>
        Invariant($"Per {curve.Unit}: {curve.SecondsPerUnit:0.###} s and {curve.MegabytesPerUnit:0.##} MB more.");

    private static void Draw(Plot plot, GrowthCurve curve, string title, string sizes, string unit, Func<GrowthPoint, double> value)
    {
        plot.Font.Set(PictureFont.Name);
        plot.Title(title);
        plot.XLabel(sizes);
        plot.YLabel(unit);
        double[] xs = [.. curve.Points.Select(point => Math.Log10(point.Size))],
            ys = [.. curve.Points.Select(point => Math.Log10(value(point)))];
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
