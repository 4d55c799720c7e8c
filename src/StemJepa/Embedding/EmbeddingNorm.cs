namespace StemJepa;

/// <summary>
/// Layer normalisation without weights, scaled to length 1: what embeddings are compared by (paper, section 4.1). Thread-safe.
/// </summary>
internal static class EmbeddingNorm
{
    /// <summary>
    /// Relative deviation from the mean below which a vector counts as constant: far under float's resolution, over double's.
    /// </summary>
    private const double DoubleRounding = 1e-12;

    /// <summary>
    /// Writes the layer-normed <paramref name="vector"/>, scaled to length 1, or zeros if it is constant; both may be the same memory.
    /// </summary>
    internal static void WriteUnit(ReadOnlySpan<float> vector, Span<float> destination)
    {
        double sum = 0;
        foreach (float value in vector)
            sum += value;
        double mean = sum / vector.Length;

        double energy = 0, peak = 0;
        foreach (float value in vector)
        {
            double centred = value - mean;
            energy += centred * centred;
            peak = Math.Max(peak, Math.Abs(value));
        }

        double roundingError = peak * DoubleRounding;
        if (energy <= vector.Length * roundingError * roundingError)
        {
            destination.Clear();
            return;
        }
        double scale = 1 / Math.Sqrt(energy);
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (float)((vector[i] - mean) * scale);
    }
}
