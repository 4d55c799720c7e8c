using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StemJepa;

/// <summary>
/// Angles of complex numbers and back, eight at a time: the runtime computes the arc tangent one by one, which was most of a stretch.
/// The length of every array is a multiple of eight.
/// </summary>
internal static class PeakAngles
{
    /// <summary>Numbers at a time.</summary>
    public const int Lanes = 8;

    /// <summary>1, -1/3, 1/5 ...: the arc tangent's series, to 2e-10 where it is used.</summary>
    private static readonly double[] Series = [.. Enumerable.Range(0, 11).Select(i => (i % 2 == 0 ? 1.0 : -1) / (2 * i + 1))];

    /// <summary>Writes the phases, -pi..pi; 0 for 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Phases(double[] re, double[] im, int count, double[] phases)
    {
        for (int i = 0; i < count; i += Lanes)
            Phase(At(re, i), At(im, i)).CopyTo(phases, i);
    }

    /// <summary>Writes sines and cosines.</summary>
    /// <param name="angles">Within half a turn.</param>
    /// <param name="count">How many.</param>
    /// <param name="sines">Where they go.</param>
    /// <param name="cosines">Where they go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SinCos(double[] angles, int count, double[] sines, double[] cosines)
    {
        for (int i = 0; i < count; i += Lanes)
        {
            (Vector512<double> sine, Vector512<double> cosine) = Vector512.SinCos(At(angles, i));
            sine.CopyTo(sines, i);
            cosine.CopyTo(cosines, i);
        }
    }

    /// <summary>
    /// That of the octant next to an axis, by half its tangent, which is at most 0.42; then the other octants by reflection.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Phase(Vector512<double> re, Vector512<double> im)
    {
        Vector512<double> width = Vector512.Abs(re), height = Vector512.Abs(im);
        Vector512<double> larger = Vector512.Max(width, height), one = Vector512<double>.One;
        Vector512<double> tangent = Vector512.Min(width, height)
            / Vector512.ConditionalSelect(Vector512.Equals(larger, Vector512<double>.Zero), one, larger);
        Vector512<double> half = tangent / (one + Vector512.Sqrt(one + tangent * tangent)), square = half * half;
        Vector512<double> sum = Vector512.Create(Series[^1]);
        for (int i = Series.Length - 2; i >= 0; i--)
            sum = sum * square + Vector512.Create(Series[i]);
        Vector512<double> angle = 2 * half * sum;
        angle = Vector512.ConditionalSelect(Vector512.GreaterThan(height, width), Vector512.Create(Math.PI / 2) - angle, angle);
        angle = Vector512.ConditionalSelect(Vector512.LessThan(re, Vector512<double>.Zero), Vector512.Create(Math.PI) - angle, angle);
        return Vector512.ConditionalSelect(Vector512.LessThan(im, Vector512<double>.Zero), -angle, angle);
    }

    private static Vector512<double> At(double[] values, int index) => Vector512.Create<double>(values.AsSpan(index, Lanes));
}
