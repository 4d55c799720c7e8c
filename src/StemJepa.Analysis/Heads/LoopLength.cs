using System.Numerics;

namespace StemJepa;

/// <summary>Whether a length is that of a loop.</summary>
internal static class LoopLength
{
    private const int FewestBeats = 4, MostBeats = 64, PointsOfPart = 1024;

    /// <summary>How far the length may be from whole beats: as a share of it, and at most so many beats.</summary>
    private const double Tolerance = 0.02, MostDeviation = 0.1;

    /// <summary>How far a beat may be from the grid, in beats.</summary>
    private const double NearGrid = 0.1;

    /// <summary>
    /// The length of a beat by all beats: of the grid that most of them are on, and then by the line through these. A tempo from
    /// neighbouring beats is as wrong as the few that were missed or doubled, and as the first and the last, which are exact to 10 ms.
    /// </summary>
    /// <param name="beats">Seconds, ascending.</param>
    /// <param name="expected">About its length.</param>
    /// <param name="range">How far it may be from that, as a share.</param>
    /// <returns>Null where less than half of the beats are on such a grid.</returns>
    internal static TimeSpan? Beat(IReadOnlyList<double> beats, TimeSpan expected, double range)
    {
        if (beats.Count < FewestBeats)
            return null;
        Point[] all = [.. beats.Select(at => new Point(at, Complex.One))];
        double grid = Grid(all, expected.TotalSeconds, range), phase = Coherence(all, grid).Phase / Math.Tau;
        (double Number, double At)[] on = [.. beats.Select(at => (Number: Math.Round(at / grid - phase), At: at))
            .Where(beat => Math.Abs(beat.At / grid - phase - beat.Number) <= NearGrid)];
        if (on.Length < Math.Max(FewestBeats, beats.Count / 2))
            return null;
        double middle = on.Average(beat => beat.Number);
        double slope = on.Sum(beat => (beat.Number - middle) * beat.At) / on.Sum(beat => (beat.Number - middle) * (beat.Number - middle));
        return Math.Abs(slope / expected.TotalSeconds - 1) <= range ? TimeSpan.FromSeconds(slope) : null;
    }

    /// <summary>
    /// The length of the grid that most points are on. Of many, the length that is best within parts comes first, and then, near it, the
    /// one that is best for these parts as a point each: the time is linear in their number.
    /// </summary>
    private static double Grid(Point[] points, double expected, double range)
    {
        Point[][] parts = [.. points.Chunk(PointsOfPart)];
        // From one length to the next, the last point of a part moves by a tenth of a beat against the first.
        double step = NearGrid * expected / parts.Max(part => part[^1].At - part[0].At);
        int steps = (int)Math.Ceiling(range / step);
        double grid = Enumerable.Range(-steps, 2 * steps + 1).Select(number => expected * (1 + range * number / steps))
            .MaxBy(length => parts.Sum(part => Coherence(part, length).Magnitude));
        return parts.Length == 1 ? grid : Grid([.. parts.Select(part => Together(part, grid))], grid, step);
    }

    private static Complex Coherence(Point[] points, double length) => points.Aggregate(
        Complex.Zero, (sum, point) => sum + point.Weight * Complex.FromPolarCoordinates(1, Math.Tau * point.At / length));

    private static Point Together(Point[] points, double length)
    {
        double middle = points.Average(point => point.At);
        return new Point(middle, Coherence(points, length) * Complex.FromPolarCoordinates(1, -Math.Tau * middle / length));
    }

    /// <summary>A beat, or several at their mean time with the sum of their phases, relative to a grid through it, as weight.</summary>
    private readonly record struct Point(double At, Complex Weight);

    /// <summary>
    /// Whether a recording can repeat in time: 4 to 64 beats long, and a whole number of them within 2 % of the length, at most a tenth of
    /// a beat, since any long recording is within 2 %.
    /// </summary>
    /// <param name="seconds">Its length.</param>
    /// <param name="tempo">BPM.</param>
    /// <param name="beats">Beats that were found in it; at least four, or it has none.</param>
    internal static bool IsLoop(double seconds, double tempo, int beats)
    {
        double length = seconds * tempo / 60, whole = Math.Round(length);
        return beats >= FewestBeats && whole is >= FewestBeats and <= MostBeats
            && Math.Abs(length - whole) <= Math.Min(Tolerance * length, MostDeviation);
    }
}
