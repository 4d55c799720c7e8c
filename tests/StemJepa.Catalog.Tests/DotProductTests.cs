using CsCheck;

namespace StemJepa.Catalog.Tests;

/// <summary>Oracle: the sum of products in double precision or in 64-bit integers.</summary>
public sealed class DotProductTests
{
    [Fact]
    public void Single_equals_the_sum_in_double_precision() =>
        Gen.Int[0, 200].SelectMany(length => Gen.Select(Gen.Float[-1, 1].Array[length], Gen.Float[-1, 1].Array[length]))
        .Sample((left, right) =>
            Assert.Equal(left.Zip(right, (x, y) => (double)x * y).Sum(), DotProduct.Compute(left, right), 1e-4));

    [Fact]
    public void Integers_equal_the_sum_in_64_bits() =>
        Gen.Int[0, 200].SelectMany(length => Gen.Select(Gen.Short[-32767, 32767].Array[length], Gen.SByte[-127, 127].Array[length]))
        .Sample((left, right) =>
            Assert.Equal(left.Zip(right, (x, y) => (long)x * y).Sum(), DotProduct.Compute(left, right)));

    [Theory]
    [InlineData(640, 1f)]
    [InlineData(1 << 20, 1f)]
    [InlineData(1 << 20, 0f)]
    public void A_quantised_direction_cannot_overflow(int length, float spread)
    {
        float[] direction = [.. Enumerable.Range(0, length).Select(i => 1 - spread * (i % 2 * 2))];
        sbyte[] worst = Array.ConvertAll(direction, value => (sbyte)(value > 0 ? 127 : -127));
        (short[] values, float scale) = VectorLayout.Quantise(direction, length);
        long exact = values.Zip(worst, (x, y) => (long)x * y).Sum();
        Assert.Equal(exact, DotProduct.Compute(values, worst));
        Assert.Equal(127.0 * length, exact * (double)scale, 127.0 * length * 0.04);
    }
}
