using System.Numerics;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

public sealed class CoherencePatchesTests
{
    private const int Count = 31, Length = 12;

    [Fact]
    public void Fourier_transform_in_double_precision_gives_the_same_rhythm()
    {
        var random = new Random(3);
        var patches = new CoherencePatches(new EmbeddingSequence(
            [.. Enumerable.Range(0, Count * Length).Select(_ => random.NextSingle() - 0.5f)], Length));
        float[] directions = patches.ToSingle();
        var bins = new List<double>();
        for (int bin = 1; bin <= 8; bin++)
        {
            Complex Value(int i) => Enumerable.Range(0, Count).Aggregate(Complex.Zero, (sum, patch) =>
                sum + directions[patch * Length + i] * Complex.FromPolarCoordinates(1, -2 * Math.PI * bin * patch / Count));
            Complex[] values = [.. Enumerable.Range(0, Length).Select(Value)];
            bins.AddRange(values.Select(value => value.Real));
            bins.AddRange(values.Select(value => value.Imaginary));
        }
        double norm = Math.Sqrt(bins.Sum(value => value * value));
        Assert.All(bins.Zip(patches.Rhythm()), pair => Assert.Equal(pair.First / norm, (double)pair.Second, 2e-4));
    }

    [Fact]
    public void What_does_not_change_has_no_rhythm()
    {
        float[] patch = [.. Enumerable.Range(0, Length).Select(i => MathF.Sin(i))];
        float[] same = [.. Enumerable.Repeat(patch, Count).SelectMany(values => values)];
        var patches = new CoherencePatches(new EmbeddingSequence(same, Length));
        Assert.All(patches.Rhythm(), value => Assert.Equal((Half)0, value));
    }
}
