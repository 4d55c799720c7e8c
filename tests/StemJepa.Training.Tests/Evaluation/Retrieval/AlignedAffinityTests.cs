using CsCheck;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The blocked product against the definition, pair by pair in double precision.</summary>
public sealed class AlignedAffinityTests
{
    private const int ColumnLength = 40;

    private static readonly Gen<float[]> Columns = Gen.Int[1, 30].SelectMany(count => Gen.Float[-3, 3].Array[count * ColumnLength]);

    [Fact]
    public void Equals_the_mean_cosine_over_the_common_length() =>
        Gen.Select(Columns.Array[1, 5], Gen.Int[0, 3].Select(index => new[] { 1, 2, 8, 50 }[index])).SelectMany(pair =>
            Columns.Array[pair.Item1.Length].Select(targets => (Predictions: pair.Item1, Targets: targets, Segment: pair.Item2)))
                .Sample(sample =>
        {
            AffinityMatrix actual = AlignedAffinity.Compute(Sequences(sample.Predictions), Sequences(sample.Targets), sample.Segment);
            for (int query = 0; query < actual.Count; query++)
            for (int target = 0; target < actual.Count; target++)
                Assert.Equal(Expected(sample.Predictions[query], sample.Targets[target], sample.Segment), actual.Row(query)[target], 2e-3);
        }, iter: 30, threads: 1);

    [Fact]
    public void More_columns_than_one_product_takes()
    {
        float[] noise = Noise(columns: 2000, seed: 1), other = Noise(columns: 1300, seed: 2);
        AffinityMatrix affinities = AlignedAffinity.Compute(Sequences([noise, other]), Sequences([noise, other]), 1);
        Assert.Equal(1, affinities.Row(0)[0], 1e-3);
        Assert.Equal(Expected(noise, other, 1), affinities.Row(0)[1], 1e-4);
        Assert.Equal(affinities.Row(0)[1], affinities.Row(1)[0], 1e-5);
    }

    [Fact]
    public void Time_matters()
    {
        float[] noise = Noise(columns: 20, seed: 3);
        float[] reversed = [.. noise.Chunk(ColumnLength).Reverse().SelectMany(column => column)];
        AffinityMatrix affinities = AlignedAffinity.Compute(Sequences([noise, noise]), Sequences([noise, reversed]), 1);
        Assert.InRange(affinities.Row(0)[1], -0.3f, 0.3f);
        Assert.Equal([1, 2], affinities.Ranks());
        Assert.Equal(1, AlignedAffinity.Compute(Sequences([noise]), Sequences([reversed]), 20).Row(0)[0], 1e-3);
    }

    [Fact]
    public void Constant_columns_fit_nothing()
    {
        float[] constant = [.. Enumerable.Repeat(0.3f, 3 * ColumnLength)];
        Assert.Equal(0, AlignedAffinity.Compute(Sequences([constant]), Sequences([Noise(3, 4)]), 1).Row(0)[0]);
    }

    private static float[] Noise(int columns, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, columns * ColumnLength).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static EmbeddingSequence[] Sequences(IEnumerable<float[]> columns) =>
        [.. columns.Select(values => new EmbeddingSequence(values, ColumnLength))];

    private static double Expected(float[] prediction, float[] embedding, int segment)
    {
        double[][] left = Segments(prediction, segment), right = Segments(embedding, segment);
        return left.Zip(right, Cosine).Average();
    }

    private static double[][] Segments(float[] columns, int segment) => [.. columns.Chunk(ColumnLength).Chunk(segment).Select(part =>
        Enumerable.Range(0, ColumnLength).Select(i => part.Average(column => (double)column[i])).ToArray())];

    private static double Cosine(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average();
        return a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum()
            / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }
}
