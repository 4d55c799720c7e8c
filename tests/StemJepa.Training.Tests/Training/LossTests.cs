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
    public void Regression_of_shifted_windows_is_the_formula_over_what_they_share()
    {
        using var scope = NewDisposeScope();
        manual_seed(31);
        const int time = 6, width = 8;
        int[] shifts = [2, -1, 0];
        Tensor prediction = randn(3, 5, time, width), target = randn(3, 5, time, width);
        double[][] p = Rows(prediction, width), t = Rows(target, width);
        var distances = from pair in Enumerable.Range(0, 3) from band in Enumerable.Range(0, 5) from at in Enumerable.Range(0, time)
                        where at - shifts[pair] is >= 0 and < time
                        select 2 - 2 * Cosine(p[(pair * 5 + band) * time + at],
                            Standard(t[(pair * 5 + band) * time + at - shifts[pair]]));
        Assert.Equal(distances.Average(), Losses.Regression(prediction, target, new TimeAlignment(shifts, time)).item<float>(), 1e-5);
        Assert.Equal(Losses.Regression(prediction, target).item<float>(),
            Losses.Regression(prediction, target, new TimeAlignment([0, 0, 0], time)).item<float>(), 1e-6);
    }

    private static double[] Standard(double[] row)
    {
        double mean = row.Average(), variance = row.Sum(x => (x - mean) * (x - mean)) / (row.Length - 1);
        return [.. row.Select(x => (x - mean) / Math.Sqrt(variance + 1e-6))];
    }

    [Fact]
    public void Products_of_shifted_sequences_are_the_mean_cosine_over_what_they_share()
    {
        using var scope = NewDisposeScope();
        manual_seed(32);
        const int time = 6;
        int[] shifts = [3, -2];
        Tensor prediction = randn(2, 5, time, 4), target = randn(2, 5, time, 4);
        Tensor products = Losses.Sequence(prediction)
            .matmul(Losses.AlignedSequence(Losses.TimePatches(target), new TimeAlignment(shifts, time)).t());
        for (int context = 0; context < 2; context++)
        for (int recording = 0; recording < 2; recording++)
            Assert.Equal(MeanCosine(prediction[context], target[recording], shifts[recording]),
                products[context, recording].item<float>(), 1e-5);
    }

    [Fact]
    public void Shift_contrast_is_the_formula_in_double_and_is_low_for_a_recording_that_is_shifted()
    {
        using var scope = NewDisposeScope();
        manual_seed(33);
        const int time = 8, range = 4;
        int[] shifts = [3, -4, 0];
        Tensor prediction = randn(3, 5, time, 4), target = randn(3, 5, time, 4);
        double expected = Enumerable.Range(0, 3).Average(pair => Surprise(shifts[pair] + range,
            index => MeanCosine(prediction[pair], target[pair], index - range) / 0.2, 2 * range + 1));
        Assert.Equal(expected, Shift(prediction, target, shifts), 1e-5);
        Tensor song = randn(1, 5, time + 3, 4), context = song.narrow(2, 0, time), later = song.narrow(2, 3, time);
        Assert.InRange(Shift(context, later, [3]), 0, 0.2);
        Assert.InRange(Shift(context, later, [-3]), 2, double.MaxValue);

        static float Shift(Tensor prediction, Tensor target, int[] shifts) =>
            Losses.ShiftContrast(Losses.TimePatches(prediction), Losses.TimePatches(target), shifts, range, 0.2).item<float>();
    }

    /// <summary>The mean, over the patches that a shift leaves in common, of the cosines of centred time patches.</summary>
    private static double MeanCosine(Tensor prediction, Tensor target, int shift)
    {
        int length = (int)(5 * prediction.shape[2]), time = (int)prediction.shape[1];
        double[][] p = Rows(prediction.permute(1, 0, 2).contiguous(), length), t = Rows(target.permute(1, 0, 2).contiguous(), length);
        static double[] Centred(double[] row) => [.. row.Select(value => value - row.Average())];
        return Enumerable.Range(0, time).Where(at => at - shift >= 0 && at - shift < time)
            .Average(at => Cosine(Centred(p[at]), Centred(t[at - shift])));
    }

    [Fact]
    public void InfoNce_with_repeats_and_smoothing_is_the_formula_over_the_other_targets()
    {
        using var scope = NewDisposeScope();
        manual_seed(34);
        const double smoothing = 0.15;
        Tensor a = nn.functional.normalize(randn(6, 10)), b = nn.functional.normalize(randn(6, 10));
        double[][] x = Rows(a, 10), y = Rows(b, 10);
        bool[,] same = new bool[6, 6];
        same[1, 4] = same[4, 1] = same[2, 3] = same[3, 2] = true;
        double Direction(double[][] from, double[][] to, double spread) => Enumerable.Range(0, 6).Average(i =>
        {
            int[] allowed = [.. Enumerable.Range(0, 6).Where(j => !same[i, j])];
            double Term(int right) => Math.Log(allowed.Sum(j => Math.Exp(Dot(from[i], to[j]) / 0.2))) - Dot(from[i], to[right]) / 0.2;
            return (1 - spread) * Term(i) + spread * allowed.Average(Term);
        });
        foreach (double spread in new[] { 0, smoothing })
            Assert.Equal((Direction(x, y, spread) + Direction(y, x, spread)) / 2,
                Losses.InfoNce(a, b, 0.2, Flags(same), spread).item<float>(), 1e-5);
        Assert.Equal(nn.functional.cross_entropy(a.matmul(b.t()) / 0.2, arange(6, ScalarType.Int64), label_smoothing: smoothing)
            .item<float>(),
            2 * Losses.InfoNce(a, b, 0.2, repeats: null, smoothing).item<float>()
                - nn.functional.cross_entropy(b.matmul(a.t()) / 0.2, arange(6, ScalarType.Int64), label_smoothing: smoothing).item<float>(),
            1e-5);
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AcrossStems_is_the_formula_in_double(bool repeated)
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
        float[] repeats = new float[4 * windows * windows];
        if (repeated)
            repeats[(2 * windows + 1) * windows + 3] = repeats[(2 * windows + 3) * windows + 1] = 1;
        double Term(int a, int b, int window) =>
            Surprise(window, w => active[b, w] && repeats[(b * windows + window) * windows + w] == 0
            ? Dot(e[a * windows + window], e[b * windows + w]) / 0.3 : double.NegativeInfinity, windows);
        var pairs = from a in Enumerable.Range(0, 4) from b in Enumerable.Range(0, 4) from w in Enumerable.Range(0, windows)
                    where a != b && active[a, w] && active[b, w] select Term(a, b, w);
        var mixes = from b in Enumerable.Range(0, 4) from w in Enumerable.Range(0, windows)
                    where active[4, w] && active[b, w] && !inMix[b, w] select Term(4, b, w);
        double expected = (pairs.Average() + mixes.Average()) / 2;
        Tensor? same = repeated ? tensor(repeats, [4, windows, windows]) : null;
        Assert.Equal(expected, Losses.AcrossStems(embeddings, Flags(active), Flags(inMix), 0.3, same).item<float>(), 1e-5);
    }

    private static Tensor Flags(bool[,] flags) => tensor(flags).to(ScalarType.Float32);

    private static double[][] Rows(Tensor values, int length) =>
        [.. values.data<float>().ToArray().Select(value => (double)value).Chunk(length)];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    private static double Surprise(int right, Func<int, double> logit, int count) =>
        Math.Log(Enumerable.Range(0, count).Sum(j => Math.Exp(logit(j)))) - logit(right);
}
