using CsCheck;

namespace StemJepa.Analysis.Tests;

/// <summary>What decides an alignment, worked out by hand.</summary>
public sealed class StemAlignmentTests
{
    private static readonly ShiftCurve Affinity = Curve(0.16, -2, [0.5f, 0.1f, 0.2f, 0.1f, 0.3f]);

    [Fact]
    public void Correlation_decides_where_there_is_one()
    {
        var values = new float[17];
        (values[8], values[15], values[16]) = (0.4f, 0.5f, 0.3f);
        var alignment = new StemAlignment(Affinity, Curve(0.04, -8, values));
        Assert.Equal((7 * 0.04, 0.3f), (alignment.BestSeconds, alignment.Affinity));
        double mean = 1.2 / 17, deviation = Math.Sqrt(0.5 / 17 - mean * mean);
        Assert.Equal((0.5 - mean) / deviation, alignment.Sharpness, 1e-6);
        Assert.Equal((-2 * 0.16, 7 * 0.04), (alignment.ByAffinity.BestSeconds, alignment.ByCorrelation!.BestSeconds));
        StemAlignment near = alignment.Within(TimeSpan.FromSeconds(0.3));
        Assert.Equal((3, 9, -0.16), (near.Curve.Length, near.CorrelationCurve.Length, near.FirstShift.TotalSeconds));
        Assert.Equal(0, near.BestSeconds, 1e-9);
        Assert.Equal((1, 1), (near.Within(TimeSpan.Zero).Curve.Length, near.Within(TimeSpan.Zero).CorrelationCurve.Length));
    }

    [Fact]
    public void Affinity_decides_where_nothing_changes()
    {
        var alignment = new StemAlignment(Affinity, Curve(0.04, -8, new float[17]));
        Assert.Equal((-2 * 0.16, 0.5f), (alignment.BestSeconds, alignment.Affinity));
    }

    [Fact]
    public void A_distance_is_not_negative()
    {
        var alignment = new StemAlignment(Curve(0.16, 0, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => alignment.Within(TimeSpan.FromSeconds(-0.1)));
        Assert.Equal(1, alignment.Within(TimeSpan.MaxValue).Curve.Length);
    }

    /// <summary>The law: what is kept is what is no farther, and at least one value.</summary>
    [Fact]
    public void Within_keeps_the_shifts_that_are_no_farther() =>
        Gen.Select(Gen.Int[-60, 60], Gen.Int[1, 80], Gen.Int[0, 150]).Sample((first, length, halves) =>
    {
        double seconds = 0.08 * halves;
        ShiftCurve curve = Curve(0.16, first, new float[length]);
        (int from, int to) = curve.Within(seconds);
        int[] near = [.. Enumerable.Range(0, length).Where(i => Math.Abs(curve.SecondsOf(i)) <= seconds + 1e-6)];
        if (near.Length > 0)
            Assert.Equal((near[0], near[^1]), (from, to));
        else
            Assert.Equal((from, Enumerable.Range(0, length).MinBy(i => Math.Abs(curve.SecondsOf(i)))), (to, from));
        Assert.Equal(curve.SecondsOf(from), curve.Between(from, to).SecondsOf(0), 1e-9);
    });

    [Fact]
    public void Flat_curve_has_no_sharpness() => Assert.Equal(0, new StemAlignment(Curve(0.16, -1, [0.5f, 0.5f, 0.5f])).Sharpness);

    /// <summary>Mean 0.3; above it 0.3 over 4 patches, 0.2 over 16, 0.1 over 25: by hand 0.6, 0.8 and 0.5.</summary>
    [Fact]
    public void A_long_overlap_counts_for_more_than_a_short_one()
    {
        var alignment = new StemAlignment(new ShiftCurve([0.6f, 0.5f, 0.4f, -0.3f], -1, [4, 16, 25, 25], 0.16));
        Assert.Equal((0, 0.5f), (alignment.BestSeconds, alignment.Affinity));
    }

    internal static ShiftCurve Curve(double step, int first, float[] values) =>
        new(values, first, [.. Enumerable.Repeat(100, values.Length)], step);
}
