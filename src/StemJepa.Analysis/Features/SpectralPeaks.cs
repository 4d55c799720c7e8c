using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// The peaks of a 4096-point magnitude spectrum from 60 Hz to 3 kHz that stand out by a factor of e from the geometric mean around them and
/// are within 50 dB of the largest value, with their frequencies interpolated by a parabola through the logarithms. One caller at a time.
/// </summary>
internal sealed class SpectralPeaks
{
    private const double LowestHz = 60, HighestHz = 3000, LeastShare = 0.003, StandsOut = 1, Floor = 1e-10;
    private const double BinHz = (double)FrontEndSettings.SampleRate / SpectrumPair.FrameLength;

    /// <summary>Bins on either side, about 125 Hz, whose mean is what a peak stands out from.</summary>
    private const int Around = 32;

    /// <summary>The first bin of the spectra, and how many there are; their ends are neighbours of peaks only.</summary>
    internal const int FirstBin = (int)(LowestHz / BinHz) - 1, Bins = (int)(HighestHz / BinHz) - FirstBin + 2;

    private readonly double[] _logarithms = new double[Bins], _sums = new double[Bins + 1];

    /// <summary>Adds the magnitude of each peak, less the further it is off the pitch, to its pitch class.</summary>
    /// <param name="classes">Twelve sums, C first.</param>
    /// <param name="magnitudes">The magnitudes of at least <see cref="Bins"/> bins from <see cref="FirstBin"/> on.</param>
    internal void AddTo(Span<double> classes, ReadOnlySpan<double> magnitudes)
    {
        magnitudes = magnitudes[..Bins];
        double largest = TensorPrimitives.Max(magnitudes);
        if (!(largest > 0))
            return;
        TensorPrimitives.Add(magnitudes, Floor * largest, _logarithms);
        TensorPrimitives.Log(_logarithms, _logarithms);
        for (int bin = 0; bin < Bins; bin++)
            _sums[bin + 1] = _sums[bin] + _logarithms[bin];
        for (int bin = 1; bin < Bins - 1; bin++)
        {
            double magnitude = magnitudes[bin];
            if (magnitude <= magnitudes[bin - 1] || magnitude < magnitudes[bin + 1] || magnitude < LeastShare * largest)
                continue;
            int from = Math.Max(0, bin - Around), to = Math.Min(Bins, bin + Around + 1);
            if (_logarithms[bin] - (_sums[to] - _sums[from]) / (to - from) < StandsOut)
                continue;
            double before = _logarithms[bin - 1], after = _logarithms[bin + 1];
            double offset = 0.5 * (before - after) / (before - 2 * _logarithms[bin] + after);
            (int pitch, double weight) = Chromagram.ClassOf(FirstBin + bin + Math.Clamp(offset, -0.5, 0.5));
            classes[pitch] += weight * magnitude;
        }
    }
}
