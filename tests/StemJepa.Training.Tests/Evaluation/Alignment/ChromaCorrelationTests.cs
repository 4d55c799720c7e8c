using CsCheck;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The correlation of pitch classes against its formula in double precision, and against chords that are put in.</summary>
public sealed class ChromaCorrelationTests
{
    private const int Classes = Chromagram.Classes;

    [Fact]
    public void Formula_in_double_precision_gives_the_same_curve() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[1, 120], Gen.Int[-3, 3], Gen.Int[0, 1000]).Sample((columns, other, more, seed) =>
    {
        float[] mix = Noise(Math.Max(1, columns + more), seed), candidate = Noise(other, seed + 1);
        ShiftCurve found = ChromaCorrelation.Compute(mix, columns, candidate, other);
        (float[] curve, int first) = (found.Values, found.First);
        double[][] left = Changes(mix, columns), right = Changes(candidate, other);
        int least = Math.Min(50, (Math.Min(columns, other) + 1) / 2);
        Assert.Equal((least - other, columns - least), (first, first + curve.Length - 1));
        for (int shift = first; shift < first + curve.Length; shift++)
        {
            double[] products = [.. Enumerable.Range(0, other).Where(t => t + shift >= 0 && t + shift < columns)
                .Select(t => left[t + shift].Zip(right[t], (a, b) => a * b).Sum())];
            Assert.Equal(products.Average(), curve[shift - first], 1e-4);
        }
    }, iter: 40);

    /// <summary>A chord a second, another one each time, and the same in another register, 3.2 s later.</summary>
    [Fact]
    public void Chords_are_found_where_they_change()
    {
        float[] mix = Chords(0, 440), candidate = Chords(20 * ChromaCorrelation.Hop, 880);
        float[] left = Chromagram.Compute(mix, ChromaCorrelation.Hop), right = Chromagram.Compute(candidate, ChromaCorrelation.Hop);
        ShiftCurve curve = ChromaCorrelation.Compute(left, left.Length / Classes, right, right.Length / Classes);
        Assert.Equal(20 * 0.16, curve.SecondsOf(curve.Best), 1e-9);
        Assert.InRange(curve.Values.Max(), 0.7f, 1.1f);
    }

    /// <summary>Silence, one tone throughout, and no frame at all of what there should be.</summary>
    [Fact]
    public void Harmony_that_never_changes_says_nothing()
    {
        float[] tone =
            [.. Enumerable.Repeat(Enumerable.Range(0, Classes).Select(pitch => pitch == 4 ? 3f : 0.1f), 60).SelectMany(row => row)];
        foreach (float[] constant in new[] { new float[60 * Classes], tone, [] })
            Assert.All(ChromaCorrelation.Compute(constant, 60, Noise(60, 1), 60).Values, value => Assert.Equal(0, value));
    }

    private static double[][] Changes(float[] chroma, int columns)
    {
        double[][] rows = [.. Enumerable.Range(0, columns).Select(column =>
        {
            double[] row = [.. Enumerable.Range(column * Classes, Classes).Select(i => i < chroma.Length ? (double)chroma[i] : 0)];
            double norm = Math.Sqrt(row.Sum(value => value * value));
            return row.Select(value => norm > 0 ? Math.Sqrt(value / norm) : 0).ToArray();
        })];
        double[] mean = [.. Enumerable.Range(0, Classes).Select(pitch => rows.Average(row => row[pitch]))];
        rows = [.. rows.Select(row => row.Zip(mean, (value, middle) => value - middle).ToArray())];
        double deviation = Math.Sqrt(rows.Sum(row => row.Sum(value => value * value)) / columns);
        return [.. rows.Select(row => row.Select(value => deviation > 1e-4 ? value / deviation : 0).ToArray())];
    }

    private static float[] Noise(int frames, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, frames * Classes).Select(_ => random.NextSingle())];
    }

    private static float[] Chords(int start, double tuning) =>
    [
        .. Enumerable.Range(start, 20 * 16000).Select(i =>
        {
            var random = new Random(i / 16000);
            double[] frequencies = [.. Enumerable.Range(0, 2).Select(_ => tuning * Math.Pow(2, random.Next(12) / 12.0))];
            return (float)(0.2 * frequencies.Sum(hz => Math.Sin(2 * Math.PI * hz * i / 16000)));
        }),
    ];
}
