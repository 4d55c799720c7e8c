using NWaves.Filters.Fda;

namespace StemJepa;

/// <summary>
/// Triangular mel bands on Slaney's scale (linear below 1 kHz, logarithmic above), each of unit area, from NWaves; stored sparsely, as one
/// run of neighbouring bins for each band. Immutable and thread-safe.
/// </summary>
internal sealed class MelFilterBank
{
    private readonly int[] _firstBins = new int[FrontEndSettings.MelBands];
    private readonly int[] _starts = new int[FrontEndSettings.MelBands + 1];
    private readonly float[] _weights;

    private MelFilterBank()
    {
        float[][] bank = FilterBanks.MelBankSlaney(FrontEndSettings.MelBands, FrontEndSettings.FftSize, FrontEndSettings.SampleRate,
            FrontEndSettings.MinFrequency, FrontEndSettings.MaxFrequency);
        var weights = new List<float>();
        for (int band = 0; band < FrontEndSettings.MelBands; band++)
        {
            ReadOnlySpan<float> dense = bank[band];
            _starts[band] = weights.Count;
            _firstBins[band] = dense.IndexOfAnyExcept(0f);
            weights.AddRange(dense[_firstBins[band]..(dense.LastIndexOfAnyExcept(0f) + 1)]);
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
}
