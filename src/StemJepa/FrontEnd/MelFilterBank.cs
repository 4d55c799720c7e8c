namespace StemJepa;

/// <summary>
/// Triangular mel bands on Slaney's scale (linear below 1 kHz, logarithmic above), each of unit area, stored as what is not zero: one run
/// of neighbouring bins a band. Immutable and thread-safe.
/// </summary>
internal sealed class MelFilterBank
{
    private const double HzPerMel = 200.0 / 3;
    private const double BreakHz = 1000;
    private const double BreakMel = BreakHz / HzPerMel;
    private static readonly double LogStep = Math.Log(6.4) / 27;

    private readonly int[] _firstBins = new int[FrontEndSettings.MelBands];
    private readonly int[] _starts = new int[FrontEndSettings.MelBands + 1];
    private readonly float[] _weights;

    private MelFilterBank()
    {
        double low = ToMel(FrontEndSettings.MinFrequency), high = ToMel(FrontEndSettings.MaxFrequency);
        double Edge(int i) => ToHz(low + (high - low) * i / (FrontEndSettings.MelBands + 1));

        var weights = new List<float>();
        for (int band = 0; band < FrontEndSettings.MelBands; band++)
        {
            _starts[band] = weights.Count;
            double left = Edge(band), centre = Edge(band + 1), right = Edge(band + 2);
            for (int bin = 0; bin < FrontEndSettings.Bins; bin++)
            {
                double hz = (double)bin * FrontEndSettings.SampleRate / FrontEndSettings.FftSize;
                double height = Math.Min((hz - left) / (centre - left), (right - hz) / (right - centre));
                if (height <= 0)
                    continue;
                if (weights.Count == _starts[band])
                    _firstBins[band] = bin;
                weights.Add((float)(height * 2 / (right - left)));
            }
        }
        _starts[FrontEndSettings.MelBands] = weights.Count;
        _weights = weights.ToArray();
    }

    /// <summary>The bank of <see cref="FrontEndSettings"/>.</summary>
    public static MelFilterBank Default { get; } = new();

    /// <summary>First bin with a weight, for each band.</summary>
    public ReadOnlySpan<int> FirstBins => _firstBins;

    /// <summary>Band b's weights are <see cref="Weights"/>[Starts[b]..Starts[b + 1]]; one entry more than bands.</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>The weights of all bands, one band after the other.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    private static double ToMel(double hz) => hz < BreakHz ? hz / HzPerMel : BreakMel + Math.Log(hz / BreakHz) / LogStep;

    private static double ToHz(double mel) => mel < BreakMel ? mel * HzPerMel : BreakHz * Math.Exp((mel - BreakMel) * LogStep);
}
