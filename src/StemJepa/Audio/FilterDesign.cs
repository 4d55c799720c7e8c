namespace StemJepa;

/// <summary>
/// What a rate change by Up/Down asks of its low-pass filter. Frequencies are parts of the input's Nyquist frequency.
/// </summary>
/// <param name="Up">Interpolation factor, coprime to <paramref name="Down"/>.</param>
/// <param name="Down">Decimation factor.</param>
/// <param name="PassEdge">Up to here the filter is flat.</param>
/// <param name="StopEdge">From here on it rejects.</param>
internal readonly record struct FilterDesign(int Up, int Down, double PassEdge, double StopEdge)
{
    /// <summary>Rejection above the stop edge; the pass band's ripple is of the same size (about 0.0001 dB).</summary>
    public const double StopBandDecibels = 100;

    /// <summary>The pass band's end, as a part of the lower Nyquist frequency.</summary>
    private const double PassBand = 0.95;

    /// <summary>The middle of the transition, as a part of the input's Nyquist frequency.</summary>
    public double Cutoff => (PassEdge + StopEdge) / 2;

    /// <summary>The filter length in input samples that Kaiser's formula gives.</summary>
    public int Taps => (int)Math.Ceiling((StopBandDecibels - 7.95) / (2.285 * Math.PI * (StopEdge - PassEdge))) + 1;

    /// <summary>The filter that keeps all a rate pair can keep; at equal rates it passes everything unchanged.</summary>
    public static FilterDesign Sharp(int up, int down)
    {
        int divisor = GreatestCommonDivisor(up, down);
        double bandwidth = Math.Min(1, (double)up / down);
        return up == down
            ? new FilterDesign(1, 1, 0, 2)
            : new FilterDesign(up / divisor, down / divisor, PassBand * bandwidth, bandwidth);
    }

    /// <summary>
    /// The short filter of a decimation that precedes a sharp one: it keeps what lies below <paramref name="bandwidth"/> clean and leaves
    /// what folds above it to the sharp filter.
    /// </summary>
    public static FilterDesign Decimator(int down, double bandwidth) => new(1, down, bandwidth, 2.0 / down - bandwidth);

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
