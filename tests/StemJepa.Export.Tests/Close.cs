namespace StemJepa.Export.Tests;

/// <summary>Comparison of whole tensors.</summary>
internal static class Close
{
    public const double Tolerance = 1e-4;

    public static void Equal(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
        }
        Assert.True(worst <= Tolerance, $"The largest difference is {worst}, more than {Tolerance}.");
    }
}
