using StemJepa.Training.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Training;

/// <summary>The losses against their formulas in double precision, written out.</summary>
public sealed class LossTests
{
    [Fact]
    public void Regression_is_the_formula_in_double()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        Tensor prediction = randn(2, 5, 3, 8), target = randn(2, 5, 3, 8);
        double[][] p = Rows(prediction, 8), t = Rows(target, 8);
        double expected = p.Zip(t, (a, b) =>
        {
            double mean = b.Average(), variance = b.Sum(x => (x - mean) * (x - mean)) / (b.Length - 1);
            double[] standard = [.. b.Select(x => (x - mean) / Math.Sqrt(variance + 1e-6))];
            return 2 - 2 * Cosine(a, standard);
        }).Average();
        Assert.Equal(expected, Losses.Regression(prediction, target).item<float>(), 1e-5);
    }

    [Fact]
    public void InfoNce_is_the_formula_in_double()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        Tensor a = nn.functional.normalize(randn(6, 10)), b = nn.functional.normalize(randn(6, 10));
        double[][] x = Rows(a, 10), y = Rows(b, 10);
        double expected = Enumerable.Range(0, 6).Average(i =>
            (Surprise(i, j => Dot(x[i], y[j]) / 0.2, 6) + Surprise(i, j => Dot(x[j], y[i]) / 0.2, 6)) / 2);
        Assert.Equal(expected, Losses.InfoNce(a, b, 0.2).item<float>(), 1e-5);
    }

    [Fact]
    public void Products_of_sequences_are_the_mean_cosine_over_time_in_double()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        const int length = 5 * 8;
        Tensor a = randn(1, 5, 3, 8) + 1, b = randn(1, 5, 3, 8) - 2;
        double[][] x = Rows(a.permute(0, 2, 1, 3), length), y = Rows(b.permute(0, 2, 1, 3), length);
        static double[] Centred(double[] row) => [.. row.Select(value => value - row.Average())];
        double expected = x.Zip(y, (p, q) => Cosine(Centred(p), Centred(q))).Average();
        Assert.Equal(expected, Losses.Sequence(a).mul(Losses.Sequence(b)).sum().item<float>(), 1e-4);
    }

    [Fact]
    public void AcrossStems_is_the_formula_in_double()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        const int windows = 5;
        Tensor embeddings = nn.functional.normalize(randn(5, windows, 12), dim: 2);
        bool[,] active = new bool[5, windows], inMix = new bool[4, windows];
        var random = new Random(6);
        foreach (int window in Enumerable.Range(0, windows))
        {
            for (int view = 0; view < 5; view++)
                active[view, window] = random.NextDouble() < 0.8;
            inMix[0, window] = inMix[random.Next(1, 4), window] = true;
        }
        double[][] e = Rows(embeddings, 12);
        double Term(int a, int b, int window) =>
            Surprise(window, w => active[b, w] ? Dot(e[a * windows + window], e[b * windows + w]) / 0.3 : double.NegativeInfinity, windows);
        var pairs = from a in Enumerable.Range(0, 4) from b in Enumerable.Range(0, 4) from w in Enumerable.Range(0, windows)
                    where a != b && active[a, w] && active[b, w] select Term(a, b, w);
        var mixes = from b in Enumerable.Range(0, 4) from w in Enumerable.Range(0, windows)
                    where active[4, w] && active[b, w] && !inMix[b, w] select Term(4, b, w);
        double expected = (pairs.Average() + mixes.Average()) / 2;
        Assert.Equal(expected, Losses.AcrossStems(embeddings, Flags(active), Flags(inMix), 0.3).item<float>(), 1e-5);
    }

    private static Tensor Flags(bool[,] flags) => tensor(flags).to(ScalarType.Float32);

    private static double[][] Rows(Tensor values, int length) =>
        [.. values.data<float>().ToArray().Select(value => (double)value).Chunk(length)];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    private static double Surprise(int right, Func<int, double> logit, int count) =>
        Math.Log(Enumerable.Range(0, count).Sum(j => Math.Exp(logit(j)))) - logit(right);
}
