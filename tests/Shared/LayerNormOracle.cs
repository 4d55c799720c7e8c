namespace StemJepa.TestSupport;

/// <summary>Layer normalisation without weights, in double precision: the published form of an embedding.</summary>
internal static class LayerNormOracle
{
    private const double Epsilon = 1e-5;

    public static double[] Compute(StemEmbedding embedding)
    {
        double[] values = [.. embedding.Vector.ToArray().Select(value => (double)value)];
        double mean = values.Average();
        double variance = values.Average(value => (value - mean) * (value - mean));
        return [.. values.Select(value => (value - mean) / Math.Sqrt(variance + Epsilon))];
    }
}
