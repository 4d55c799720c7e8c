namespace StemJepa;

/// <summary>
/// At which time a candidate fits a mix best. A shift is how much later the candidate begins than the mix, in seconds; negative: earlier.
/// The affinity of a shift is the mean, over the moments that mix and candidate then share, of the cosine between the patches that the model
/// predicts and the candidate's own, layer-normed. Immutable and thread-safe.
/// </summary>
public sealed class StemAlignment
{
    /// <summary>Seconds from one shift to the next: one patch, 16 frames.</summary>
    public const double Step = (double)ModelEncoder.PatchSize * FrontEndSettings.Hop / FrontEndSettings.SampleRate;

    private readonly float[] _curve;

    /// <param name="curve">The affinity of every shift.</param>
    /// <param name="firstShift">The first, in steps.</param>
    /// <param name="shared">How many patches in time mix and candidate share at each shift.</param>
    internal StemAlignment(float[] curve, int firstShift, int[] shared)
    {
        _curve = curve;
        FirstShift = firstShift * Step;
        double sum = 0, squares = 0;
        foreach (float affinity in curve)
        {
            sum += affinity;
            squares += (double)affinity * affinity;
        }
        double mean = sum / curve.Length, deviation = Math.Sqrt(Math.Max(0, squares / curve.Length - mean * mean));
        int best = 0;
        double most = double.NegativeInfinity;
        for (int i = 0; i < curve.Length; i++)
        {
            double significance = (curve[i] - mean) * Math.Sqrt(shared[i]);
            if (significance > most)
                (best, most) = (i, significance);
        }
        BestShift = (firstShift + best) * Step;
        Affinity = curve[best];
        Sharpness = deviation > 0 ? (curve[best] - mean) / deviation : 0;
    }

    /// <summary>The affinity of every shift, -1..1; the first is that of <see cref="FirstShift"/>, each next one is <see cref="Step"/> later.</summary>
    public ReadOnlyMemory<float> Curve => _curve;

    /// <summary>The shift of the curve's first value, in seconds.</summary>
    public double FirstShift { get; }

    /// <summary>
    /// The shift that fits best, in seconds; the earliest of several: whose affinity, less the mean over all shifts, times the square root of the length that
    /// mix and candidate then share, is highest, since a mean over a short time is often high by chance.
    /// </summary>
    public double BestShift { get; }

    /// <summary>The affinity at the best shift, -1..1.</summary>
    public float Affinity { get; }

    /// <summary>How far the best shift stands out: its affinity less the curve's mean, in the curve's standard deviations; 0 for a flat curve.</summary>
    public double Sharpness { get; }
}
