using CsCheck;
using StemJepa.Tool.Map;

namespace StemJepa.Tool.Tests;

/// <summary>The laws: distances in a plane are kept, and components are centred, uncorrelated and ordered.</summary>
public sealed class PrincipalComponentsTests
{
    /// <summary>Points of a plane in space, fewer and more than it has dimensions.</summary>
    [Fact]
    public void Distances_of_points_in_a_plane_are_kept() => Gen.Select(Gen.Int[2, 30], Gen.Int[0, 1000]).Sample((count, seed) =>
    {
        var random = new Random(seed);
        float[] first = Direction(random), second = Direction(random);
        float[][] vectors = [.. Enumerable.Range(0, count).Select(_ =>
        {
            float a = random.NextSingle(), b = random.NextSingle();
            return first.Zip(second, (u, v) => 1 + a * u + b * v).ToArray();
        })];
        ((double X, double Y)[] points, double[] shares) = PrincipalComponents.Of(vectors);
        Assert.Equal(1, shares.Sum(), 5);
        for (int i = 1; i < count; i++)
        {
            double expected = Math.Sqrt(vectors[0].Zip(vectors[i], (a, b) => Math.Pow(a - b, 2)).Sum());
            Assert.Equal(expected, Math.Sqrt(Math.Pow(points[0].X - points[i].X, 2) + Math.Pow(points[0].Y - points[i].Y, 2)), 1e-4);
        }
    }, iter: 50);

    [Fact]
    public void Components_are_centred_uncorrelated_and_ordered()
    {
        var random = new Random(1);
        float[][] vectors = [.. Enumerable.Range(0, 40).Select(_ => Direction(random))];
        ((double X, double Y)[] points, double[] shares) = PrincipalComponents.Of(vectors);
        Assert.Equal(0, points.Sum(point => point.X), 1e-6);
        Assert.Equal(0, points.Sum(point => point.Y), 1e-6);
        Assert.Equal(0, points.Sum(point => point.X * point.Y), 1e-6);
        Assert.InRange(shares[1], 0, shares[0]);
        Assert.True(points.MaxBy(point => Math.Abs(point.X)).X > 0);
    }

    [Fact]
    public void Equal_vectors_are_one_point() =>
        Assert.All(PrincipalComponents.Of([[1, 2, 3], [1, 2, 3]]).Points, point => Assert.Equal((0, 0), point));

    private static float[] Direction(Random random) => [.. Enumerable.Range(0, 12).Select(_ => 2 * random.NextSingle() - 1)];
}
