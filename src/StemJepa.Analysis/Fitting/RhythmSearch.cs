using System.Numerics;
using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>One way to put a candidate into a mix, and how well onsets coincide then.</summary>
/// <param name="Ratio">New tempo / old tempo of the candidate.</param>
/// <param name="Start">Seconds from the mix's first sample to the candidate's.</param>
/// <param name="Correlation">The correlation of onsets over the time that both share, -1..1.</param>
/// <param name="SharedSeconds">That time.</param>
internal readonly record struct RhythmMatch(double Ratio, double Start, double Correlation, double SharedSeconds);

/// <summary>
/// Finds tempo and start of a candidate by the onsets that it has in common with a mix: at each of many tempi the correlation at all
/// shifts, by fast transforms. One mix and candidate, one caller at a time.
/// </summary>
internal sealed class RhythmSearch
{
    /// <summary>Frames of a candidate that are compared, 24 s: at more, tempi so near to one another as these would differ.</summary>
    private const int MostFrames = 2400;

    private const int LeastSize = 256;

    private readonly RhythmCurve _mix, _candidate;
    private readonly int _size, _taken, _first;
    private readonly PairTransform<float> _transform;
    private readonly Spectrum<float>[] _ofMix, _ofCandidate;
    private readonly Spectrum<float> _product, _none;
    private readonly float[] _term, _sums;

    /// <param name="mix">The mix.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="slowest">The least ratio of tempi.</param>
    public RhythmSearch(RhythmCurve mix, RhythmCurve candidate, double slowest)
    {
        (_mix, _candidate, _taken) = (mix, candidate, Math.Min(candidate.Frames, MostFrames));
        _first = candidate.Busiest(_taken);
        _size = Math.Max(LeastSize, (int)BitOperations.RoundUpToPowerOf2((uint)(mix.Frames + _taken / slowest + 1)));
        _transform = new PairTransform<float>(_size);
        (_ofMix, _ofCandidate) = (Spectra(), Spectra());
        (_product, _none) = (Spectrum<float>.Create(_size), Spectrum<float>.Create(_size));
        (_term, _sums) = (new float[_size / 2 + 1], new float[_size]);
        Transform(mix.Bands, _ofMix);
        Spectrum<float>[] Spectra() => [.. mix.Bands.Select(_ => Spectrum<float>.Create(_size))];
    }

    /// <summary>The best starts at a tempo, best first.</summary>
    /// <param name="ratio">New tempo / old tempo.</param>
    /// <param name="leastShared">Seconds that both must share, or half of the shorter one.</param>
    /// <param name="count">How many starts.</param>
    /// <param name="others">Starts in seconds that are returned besides.</param>
    public IReadOnlyList<RhythmMatch> Find(double ratio, double leastShared, int count, double[] others)
    {
        float[][] bands = _candidate.Stretch(ratio, _first, _taken);
        int length = bands[0].Length;
        if (length == 0)
            return [];
        float[] sums = Correlate(bands);
        int least = (int)Math.Min(leastShared * RhythmCurve.FramesPerSecond, Math.Min(length, _mix.Frames) / 2.0);
        int from = least - length, to = _mix.Frames - least;
        var strengths = new double[to - from + 1];
        int SharedAt(int shift) => Math.Min(_mix.Frames, length + shift) - Math.Max(0, shift);
        for (int shift = from; shift <= to; shift++)
            strengths[shift - from] = SharedAt(shift) > 0 ? sums[(shift + _size) % _size] / Math.Sqrt(SharedAt(shift)) : 0;
        RhythmMatch At(int index, double start) => new(ratio, start,
            strengths[index] / Math.Sqrt(Math.Max(1, SharedAt(from + index))) / bands.Length,
            SharedAt(from + index) / RhythmCurve.FramesPerSecond);
        return
        [
            .. Peaks(strengths, count).Select(peak =>
                At(peak, (from + peak + Vertex(strengths, peak) - _first / ratio) / RhythmCurve.FramesPerSecond)),
            .. others.Select(start => (Start: start, Index: (int)Math.Round(start * RhythmCurve.FramesPerSecond + _first / ratio) - from))
                .Where(other => other.Index >= 0 && other.Index < strengths.Length).Select(other => At(other.Index, other.Start)),
        ];
    }

    /// <summary>The highest values that are higher than those within 50 ms, highest first.</summary>
    private static IEnumerable<int> Peaks(double[] values, int count)
    {
        const int apart = 5;
        var peaks = new List<int>();
        for (int i = 0; i < values.Length; i++)
        {
            bool isPeak = true;
            for (int other = Math.Max(0, i - apart); other <= Math.Min(values.Length - 1, i + apart) && isPeak; other++)
                isPeak = other == i || values[other] < values[i] || (values[other] == values[i] && other > i);
            if (isPeak)
                peaks.Add(i);
        }
        return peaks.OrderByDescending(peak => values[peak]).Take(count);
    }

    private static double Vertex(double[] values, int at)
    {
        if (at == 0 || at == values.Length - 1)
            return 0;
        double curvature = values[at - 1] - 2 * values[at] + values[at + 1];
        return curvature >= 0 ? 0 : Math.Clamp(0.5 * (values[at - 1] - values[at + 1]) / curvature, -0.5, 0.5);
    }

    private void Transform(float[][] bands, Spectrum<float>[] spectra)
    {
        for (int band = 0; band < bands.Length; band += 2)
        {
            bool isLast = band == bands.Length - 1;
            Pad(bands[band], _transform.First);
            Pad(isLast ? [] : bands[band + 1], _transform.Second);
            _transform.Direct(spectra[band], isLast ? _none : spectra[band + 1]);
        }
    }

    private static void Pad(float[] band, Span<float> padded)
    {
        band.CopyTo(padded);
        padded[band.Length..].Clear();
    }

    /// <summary>Value s, cyclic, is the sum over bands and frames of mix[t + s] candidate[t]; valid until the next call.</summary>
    private float[] Correlate(float[][] bands)
    {
        Transform(bands, _ofCandidate);
        Array.Clear(_product.Real);
        Array.Clear(_product.Imaginary);
        for (int band = 0; band < bands.Length; band++)
        {
            (float[] mixReal, float[] mixImaginary) = _ofMix[band];
            (float[] ownReal, float[] ownImaginary) = _ofCandidate[band];
            TensorPrimitives.MultiplyAdd<float>(mixReal, ownReal, _product.Real, _product.Real);
            TensorPrimitives.MultiplyAdd<float>(mixImaginary, ownImaginary, _product.Real, _product.Real);
            TensorPrimitives.MultiplyAdd<float>(mixImaginary, ownReal, _product.Imaginary, _product.Imaginary);
            TensorPrimitives.Multiply<float>(mixReal, ownImaginary, _term);
            TensorPrimitives.Subtract<float>(_product.Imaginary, _term, _product.Imaginary);
        }
        _transform.Inverse(_product, _none);
        TensorPrimitives.Multiply(_transform.First, 1f / (4 * _size), _sums);
        return _sums;
    }
}
