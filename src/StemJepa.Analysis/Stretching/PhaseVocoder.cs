using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StemJepa;

/// <summary>
/// Stretches time by a phase vocoder: spectra of overlapping windows are taken at one distance and added up at another, after their phases
/// were moved on by what each partial does in the difference. The bins about a peak of the spectrum turn together (identity phase locking,
/// Laroche and Dolson 1999), those of all channels by the same angle, which keeps the differences between channels that make the stereo
/// image. About attacks (<see cref="TimeMap"/>) both distances are equal and the phases that rise are the recording's own (after Röbel
/// 2003), so that an attack is copied. NWaves has a phase vocoder of its own: it rounds the hop, and so the ratio, leaves the end of the
/// recording out, and takes one channel at a time. Two frames in a row share a transform. Not thread-safe.
/// </summary>
internal sealed class PhaseVocoder
{
    private const int Overlap = 8;

    /// <summary>Seconds of a window, at least: two periods of the lowest note, or less where attacks matter more.</summary>
    private const double Long = 0.08, Middle = 0.04, Short = 0.02;

    /// <summary>How many times the power of the window before a peak has that belongs to an attack.</summary>
    private const double Rise = 2;

    private readonly int _size, _hop, _bins, _sampleRate;
    private readonly bool _resetsAll;
    private readonly PairTransform<float> _transform;
    private readonly float[] _window, _outputWindow, _cosines, _sines, _product;
    private readonly int[] _peaks;
    private readonly double[] _turnedRe, _turnedIm, _peakAngles;
    private float[] _power, _powerBefore;
    private double[] _angle, _angleBefore;

    private PhaseVocoder(int size, int sampleRate, bool resetsAll)
    {
        (_size, _hop, _bins, _sampleRate, _resetsAll) = (size, size / Overlap, size / 2 + 1, sampleRate, resetsAll);
        _transform = new PairTransform<float>(size);
        _window = [.. Enumerable.Range(0, size).Select(i => (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * i / size)))];
        _outputWindow = Array.ConvertAll(_window, value => value / (2 * size));
        (_cosines, _sines, _product, _peaks) = (new float[_bins], new float[_bins], new float[_bins], new int[_bins]);
        int most = (_bins + PeakAngles.Lanes - 1) / PeakAngles.Lanes * PeakAngles.Lanes;
        (_turnedRe, _turnedIm, _peakAngles) = (new double[most], new double[most], new double[most]);
        (_power, _powerBefore, _angle, _angleBefore) = (new float[_bins], new float[_bins], new double[_bins], new double[_bins]);
    }

    /// <summary>Creates one with windows that suit a stem.</summary>
    public static PhaseVocoder For(Stem? stem, int sampleRate)
    {
        double seconds = stem == Stem.Bass ? Long : stem == Stem.Drums ? Short : Middle;
        return new PhaseVocoder((int)BitOperations.RoundUpToPowerOf2((uint)(seconds * sampleRate)), sampleRate, stem == Stem.Drums);
    }

    /// <summary>Stretches channels that belong together.</summary>
    /// <param name="channels">Equally long, not empty.</param>
    /// <param name="length">Samples of the result.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public float[][] Stretch(ReadOnlyMemory<float>[] channels, int length, CancellationToken cancellationToken)
    {
        var map = new TimeMap(channels[0].Length, length, Attacks.Find(channels, _sampleRate), _size / 2);
        Spectrum<float>[] before = Spectra(channels), now = Spectra(channels), next = Spectra(channels);
        Spectrum<float>[] rotated = Spectra(channels), nextRotated = Spectra(channels);
        float[][] outputs = [.. channels.Select(_ => new float[length])];
        var weights = new float[length];
        int centreBefore = 0, frames = (length + _size / 2 + _hop - 1) / _hop;
        for (int frame = 0; frame < frames; frame += 2)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (int centre, bool isAttack) = Place(frame);
            (int nextCentre, bool nextIsAttack) = Place(frame + 1);
            Analyze(channels, centre, nextCentre, now, next);
            FindAngles(now, before, centre - centreBefore, isAttack, isFirst: frame == 0);
            Rotate(now, rotated);
            FindAngles(next, now, nextCentre - centre, nextIsAttack, isFirst: false);
            Rotate(next, nextRotated);
            int start = frame * _hop - _size / 2;
            for (int channel = 0; channel < channels.Length; channel++)
            {
                _transform.Inverse(rotated[channel], nextRotated[channel]);
                Add(_transform.First, _outputWindow, outputs[channel], start);
                Add(_transform.Second, _outputWindow, outputs[channel], start + _hop);
            }
            Add(_window, _window, weights, start);
            Add(_window, _window, weights, start + _hop);
            (next, before, centreBefore) = (before, next, nextCentre);
        }
        foreach (float[] output in outputs)
            TensorPrimitives.Divide(output, weights, output);
        return outputs;

        (int Centre, bool IsAttack) Place(int frame)
        {
            (double input, bool isAttack) = map.At(frame * _hop);
            return ((int)Math.Round(input), isAttack);
        }
    }

    private Spectrum<float>[] Spectra(ReadOnlyMemory<float>[] channels) => [.. channels.Select(_ => Spectrum<float>.Create(_size))];

    private void Analyze(ReadOnlyMemory<float>[] channels, int centre, int nextCentre, Spectrum<float>[] spectra, Spectrum<float>[] next)
    {
        for (int channel = 0; channel < channels.Length; channel++)
        {
            Cut(channels[channel].Span, centre, _transform.First);
            Cut(channels[channel].Span, nextCentre, _transform.Second);
            _transform.Direct(spectra[channel], next[channel]);
        }
    }

    private void Cut(ReadOnlySpan<float> samples, int centre, Span<float> frame)
    {
        int start = centre - _size / 2, from = Math.Clamp(-start, 0, _size), to = Math.Clamp(samples.Length - start, from, _size);
        frame[..from].Clear();
        frame[to..].Clear();
        TensorPrimitives.Multiply(to > from ? samples[(start + from)..(start + to)] : [], _window.AsSpan(from, to - from), frame[from..]);
    }

    /// <summary>By how much each bin turns: that of its peak, by the peak's frequency times the difference of both distances.</summary>
    private void FindAngles(Spectrum<float>[] now, Spectrum<float>[] before, int distance, bool isAttack, bool isFirst)
    {
        (_power, _powerBefore, _angle, _angleBefore) = (_powerBefore, _power, _angleBefore, _angle);
        Array.Clear(_power);
        foreach (Spectrum<float> spectrum in now)
        {
            TensorPrimitives.MultiplyAdd<float>(spectrum.Real, spectrum.Real, _power, _power);
            TensorPrimitives.MultiplyAdd<float>(spectrum.Imaginary, spectrum.Imaginary, _power, _power);
        }
        int peaks = FindPeaks(), from = 0;
        for (int i = 0; i < peaks; i++)
            (_turnedRe[i], _turnedIm[i]) = TurnOf(_peaks[i], now, before);
        PeakAngles.Phases(_turnedRe, _turnedIm, peaks, _peakAngles);
        for (int i = 0; i < peaks; i++)
        {
            int peak = _peaks[i];
            double angle = isFirst || (isAttack && (_resetsAll || _power[peak] > Rise * _powerBefore[peak])) ? 0
                : _angleBefore[peak] + (_hop - distance) * FrequencyOf(peak, _peakAngles[i], distance);
            _peakAngles[i] = Wrap(angle);
        }
        (double[] cosines, double[] sines) = (_turnedRe, _turnedIm);
        PeakAngles.SinCos(_peakAngles, peaks, sines, cosines);
        for (int i = 0; i < peaks; i++)
        {
            int to = i == peaks - 1 ? _bins : LeastBetween(_peaks[i], _peaks[i + 1]);
            (double angle, float cosine, float sine) = (_peakAngles[i], (float)cosines[i], (float)sines[i]);
            for (; from < to; from++)
                (_angle[from], _cosines[from], _sines[from]) = (angle, cosine, sine);
        }
    }

    /// <summary>Turns each bin by its angle.</summary>
    private void Rotate(Spectrum<float>[] spectra, Spectrum<float>[] rotated)
    {
        for (int channel = 0; channel < spectra.Length; channel++)
        {
            (float[] real, float[] imaginary) = spectra[channel];
            TensorPrimitives.Multiply<float>(imaginary, _sines, _product);
            TensorPrimitives.Multiply<float>(real, _cosines, rotated[channel].Real);
            TensorPrimitives.Subtract<float>(rotated[channel].Real, _product, rotated[channel].Real);
            TensorPrimitives.Multiply<float>(imaginary, _cosines, _product);
            TensorPrimitives.MultiplyAdd<float>(real, _sines, _product, rotated[channel].Imaginary);
        }
    }

    /// <summary>Bins with more power than the two on either side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindPeaks()
    {
        const int reach = 2;
        int count = 0, bin = 1;
        for (; bin < reach; bin++)
            AddIfPeak(bin);
        for (; bin + Vector512<float>.Count + reach <= _bins; bin += Vector512<float>.Count)
        {
            Vector512<float> power = PowerAt(bin);
            ulong mask = (Vector512.GreaterThan(power, PowerAt(bin - 1)) & Vector512.GreaterThan(power, PowerAt(bin - 2))
                & Vector512.GreaterThanOrEqual(power, PowerAt(bin + 1)) & Vector512.GreaterThanOrEqual(power, PowerAt(bin + 2)))
                .ExtractMostSignificantBits();
            for (; mask != 0; mask &= mask - 1)
                _peaks[count++] = bin + BitOperations.TrailingZeroCount(mask);
        }
        for (; bin < _bins - 1; bin++)
            AddIfPeak(bin);
        if (count == 0)
            _peaks[count++] = _bins / 2;
        return count;

        Vector512<float> PowerAt(int bin) => Vector512.Create<float>(_power.AsSpan(bin, Vector512<float>.Count));

        void AddIfPeak(int bin)
        {
            float power = _power[bin];
            if (power > _power[bin - 1] && power >= _power[bin + 1] && power > _power[Math.Max(0, bin - reach)]
                && power >= _power[Math.Min(_bins - 1, bin + reach)])
                _peaks[count++] = bin;
        }
    }

    private int LeastBetween(int peak, int next)
    {
        int least = peak + 1;
        for (int bin = least; bin < next; bin++)
        {
            if (_power[bin] < _power[least])
                least = bin;
        }
        return least;
    }

    /// <summary>How far a peak turned since the frame before, as a complex number, in the channel that has most of it.</summary>
    private static (double Re, double Im) TurnOf(int peak, Spectrum<float>[] now, Spectrum<float>[] before)
    {
        double most = -1, re = 0, im = 0;
        for (int channel = 0; channel < now.Length; channel++)
        {
            double nowRe = now[channel].Real[peak], nowIm = now[channel].Imaginary[peak], power = nowRe * nowRe + nowIm * nowIm;
            double beforeRe = before[channel].Real[peak], beforeIm = before[channel].Imaginary[peak];
            if (power > most)
                (most, re, im) = (power, nowRe * beforeRe + nowIm * beforeIm, nowIm * beforeRe - nowRe * beforeIm);
        }
        return (re, im);
    }

    /// <summary>The frequency of a peak in radians per sample, from the angle by which it turned.</summary>
    private double FrequencyOf(int peak, double turned, int distance)
    {
        double middle = 2 * Math.PI * peak / _size;
        return distance <= 0 ? middle : middle + Wrap(turned - middle * distance) / distance;
    }

    /// <summary>The same angle within half a turn.</summary>
    private static double Wrap(double angle) => angle - 2 * Math.PI * Math.Round(angle / (2 * Math.PI));

    /// <summary>Adds a windowed frame to what lies from a sample on, as far as there is room.</summary>
    private void Add(ReadOnlySpan<float> frame, float[] window, float[] sums, int start)
    {
        int from = Math.Clamp(-start, 0, _size), to = Math.Clamp(sums.Length - start, from, _size);
        Span<float> target = to > from ? sums.AsSpan(start + from, to - from) : [];
        TensorPrimitives.MultiplyAdd(frame[from..to], window.AsSpan(from, to - from), target, target);
    }
}
