namespace StemJepa.Tests;

/// <summary>How far two arrays of the same length lie apart.</summary>
internal static class Deviation
{
    public static (double Worst, double Mean) Of(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double worst = 0, sum = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            Assert.False(double.IsNaN(difference), $"not a number at {i}");
            worst = Math.Max(worst, difference);
            sum += difference;
        }
        return (worst, sum / expected.Length);
    }
}
