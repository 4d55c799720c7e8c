using System.Numerics;
using CsCheck;

namespace StemJepa.Tests.Alignment;

/// <summary>The correlation by fast transforms against its formula, and the transform against the sum that defines it, in double precision.</summary>
public sealed class PatchCorrelationTests
{
    private const int Width = 4;

    [Fact]
    public void Formula_in_double_precision_gives_the_same_curve() => Gen.Select(Gen.Int[1, 130], Gen.Int[1, 130], Gen.Int[0, 1000]).Sample((length, other, seed) =>
    {
        PatchSequence prediction = Noise(length, seed), candidate = Noise(other, seed + 1);
        ShiftCurve found = PatchCorrelation.Of(prediction, candidate);
        (float[] curve, int first) = (found.Values, found.First);
        int least = Math.Min(50, (Math.Min(length, other) + 1) / 2);
        Assert.Equal((least - other, length - least), (first, first + curve.Length - 1));
        for (int shift = first; shift < first + curve.Length; shift++)
            Assert.Equal(Mean(prediction, candidate, shift), curve[shift - first], 1e-5);
        Assert.Equal(Mean(prediction, candidate, 0), PatchCorrelation.AtZero(prediction, candidate), 1e-5);
    }, iter: 40);

    [Fact]
    public void Defining_sum_gives_the_same_transform() => Gen.Select(Gen.Int[0, 7], Gen.Int[0, 1000]).Sample((power, seed) =>
    {
        var random = new Random(seed);
        Complex[] values = [.. Enumerable.Range(0, 1 << power).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
        Complex[] transformed = [.. values];
        new FourierTransform(values.Length).Forward(transformed);
        for (int k = 0; k < values.Length; k++)
        {
            Complex sum = values.Select((value, n) => value * Complex.Exp(new Complex(0, -2 * Math.PI * k * n / values.Length))).Aggregate(Complex.Add);
            Assert.InRange((sum - transformed[k]).Magnitude, 0, 1e-12 * values.Length);
        }
    }, iter: 40);

    /// <summary>The law: what is cut out of a sequence is found where it was cut out.</summary>
    [Fact]
    public void Shift_of_an_excerpt_is_found() => Gen.Select(Gen.Int[120, 200], Gen.Int[0, 60], Gen.Int[0, 1000]).Sample((length, start, seed) =>
    {
        PatchSequence whole = Noise(length, seed), excerpt = new(Width);
        for (int column = start; column < start + 60; column++)
            excerpt.Add(whole.Values.Slice(column * whole.ColumnLength, whole.ColumnLength), 1);
        StemAlignment alignment = StemAlignment.Of(whole, excerpt);
        Assert.Equal(start * 0.16, alignment.BestShift, 1e-9);
        Assert.Equal(1, alignment.Affinity, 1e-5);
        Assert.True(alignment.Sharpness > 5);
    }, iter: 20);

    private static double Mean(PatchSequence prediction, PatchSequence candidate, int shift)
    {
        double sum = 0;
        int shared = 0;
        for (int t = 0; t < candidate.Count; t++)
        {
            if (t + shift < 0 || t + shift >= prediction.Count)
                continue;
            sum += Cosine(Column(prediction, t + shift), Column(candidate, t));
            shared++;
        }
        return sum / shared;
    }

    private static double[] Column(PatchSequence sequence, int column)
    {
        double[] values = [.. sequence.Values.Slice(column * sequence.ColumnLength, sequence.ColumnLength).ToArray().Select(value => (double)value)];
        double mean = values.Average();
        return [.. values.Select(value => value - mean)];
    }

    private static double Cosine(double[] a, double[] b) =>
        a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(y => y * y));

    private static PatchSequence Noise(int columns, int seed)
    {
        var random = new Random(seed);
        var sequence = new PatchSequence(Width);
        for (int column = 0; column < columns; column++)
            sequence.Add(Enumerable.Range(0, sequence.ColumnLength).Select(_ => random.NextSingle() - 0.3f).ToArray(), 1);
        return sequence;
    }
}
