using MathNet.Numerics;

namespace StemJepa.Benchmarks.Growth;

/// <summary>Time and memory against the amount of work, and the slopes of straight lines through them (least squares).</summary>
/// <param name="SecondsPerUnit">Slope of the time, per <paramref name="Unit"/>.</param>
/// <param name="MegabytesPerUnit">Slope of the memory.</param>
/// <param name="Unit">What the slopes are stated for, such as <c>hour</c>.</param>
/// <param name="UnitSize">How much of <see cref="GrowthPoint.Size"/> that is.</param>
/// <param name="Points">What was measured, in the order of size.</param>
internal sealed record GrowthCurve(double SecondsPerUnit, double MegabytesPerUnit, string Unit, double UnitSize, IReadOnlyList<GrowthPoint> Points)
{
    /// <summary>The curve through at least two points of different size.</summary>
    public static GrowthCurve Of(string unit, double unitSize, IReadOnlyList<GrowthPoint> points)
    {
        double[] sizes = [.. points.Select(point => point.Size / unitSize)];
        double Slope(Func<GrowthPoint, double> value) => Math.Round(Fit.Line(sizes, [.. points.Select(value)]).B, 4);
        return new GrowthCurve(Slope(point => point.Seconds), Slope(point => point.MemoryMb), unit, unitSize, points);
    }
}
