using CsCheck;

namespace StemJepa.Analysis.Tests;

/// <summary>The correlation by fast transforms against its formula in double precision.</summary>
public sealed class PatchCorrelationTests
{
    private const int Width = 4;

    [Fact]
    public void Formula_in_double_precision_gives_the_same_curve() =>
        Gen.Select(Gen.Int[1, 130], Gen.Int[1, 130], Gen.Int[0, 1000]).Sample((length, other, seed) =>
    {
        PatchSequence prediction = Noise(length, seed), candidate = Noise(other, seed + 1);
        ShiftCurve found = PatchCorrelation.Compute(prediction, candidate);
        (float[] curve, int first) = (found.Values, found.First);
        int least = Math.Min(50, (Math.Min(length, other) + 1) / 2);
        Assert.Equal((least - other, length - least), (first, first + curve.Length - 1));
        for (int shift = first; shift < first + curve.Length; shift++)
            Assert.Equal(Mean(prediction, candidate, shift), curve[shift - first], 1e-5);
        Assert.Equal(Mean(prediction, candidate, 0), prediction.Similarity(candidate), 1e-5);
    }, iter: 40);

    /// <summary>The law: what is cut out of a sequence is found where it was cut out.</summary>
    [Fact]
    public void Shift_of_an_excerpt_is_found() =>
        Gen.Select(Gen.Int[120, 200], Gen.Int[0, 60], Gen.Int[0, 1000]).Sample((length, start, seed) =>
    {
        PatchSequence whole = Noise(length, seed), excerpt = new();
        for (int column = start; column < start + 60; column++)
            excerpt.Add(new PatchWindows(whole.Values.Slice(column * whole.PatchLength, whole.PatchLength), [], 1, 1));
        StemAlignment alignment = StemAlignment.Compute(whole, excerpt);
        Assert.Equal(start * 0.16, alignment.BestSeconds, 1e-9);
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
        double[] values =
            [.. sequence.Values.Slice(column * sequence.PatchLength, sequence.PatchLength).ToArray().Select(value => (double)value)];
        double mean = values.Average();
        return [.. values.Select(value => value - mean)];
    }

    private static double Cosine(double[] a, double[] b) =>
        a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(y => y * y));

    private static PatchSequence Noise(int columns, int seed)
    {
        var random = new Random(seed);
        var sequence = new PatchSequence();
        for (int column = 0; column < columns; column++)
            sequence.Add(new PatchWindows(Enumerable.Range(0, 5 * Width).Select(_ => random.NextSingle() - 0.3f).ToArray(), [], 1, 1));
        return sequence;
    }
}
