namespace StemJepa.Analysis.Tests;

/// <summary>The oracle is the sum that defines the transform.</summary>
public sealed class VectorTransformTests
{
    [Theory, InlineData(64), InlineData(128), InlineData(256), InlineData(512), InlineData(1024)]
    public void It_equals_the_sum(int size)
    {
        const int seed = 7;
        var random = new Random(seed);
        double[] re = [.. Enumerable.Range(0, size).Select(_ => random.NextDouble() - 0.5)];
        double[] im = [.. Enumerable.Range(0, size).Select(_ => random.NextDouble() - 0.5)];
        double[] real = [.. re], imaginary = [.. im];
        var transform = new VectorTransform<double>(size);
        for (int run = 0; run < 2; run++)
        {
            (real, imaginary) = ([.. re], [.. im]);
            transform.Direct(real, imaginary);
        }
        for (int k = 0; k < size; k++)
        {
            System.Numerics.Complex sum = 0;
            for (int t = 0; t < size; t++)
                sum += new System.Numerics.Complex(re[t], im[t]) 
                    * System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * k * t / size);
            Assert.Equal(sum.Real, real[k], 1e-10);
            Assert.Equal(sum.Imaginary, imaginary[k], 1e-10);
        }
    }

    [Theory, InlineData(0), InlineData(32), InlineData(96)]
    public void Other_sizes_are_refused(int size) => Assert.Throws<ArgumentOutOfRangeException>(() => new VectorTransform<double>(size));
}
