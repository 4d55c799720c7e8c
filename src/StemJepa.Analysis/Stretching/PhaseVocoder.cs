using System.Numerics;
using System.Numerics.Tensors;
using NWaves.Transforms;

namespace StemJepa;

/// <summary>
/// Stretches time by a phase vocoder: spectra of overlapping windows are taken at one distance and added up at another, after their phases
/// were moved on by what each partial does in the difference. The bins about a peak of the spectrum turn together (identity phase locking,
/// Laroche and Dolson 1999), those of all channels by the same angle, which keeps the differences between channels that make the stereo
/// image. About attacks (<see cref="TimeMap"/>) both distances are equal and the phases that rise are the recording's own (after Röbel
/// 2003), so that an attack is copied. NWaves has a phase vocoder of its own: it rounds the hop, and so the ratio, leaves the end of the
/// recording out, and takes one channel at a time. Not thread-safe.
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
    private readonly RealFft _transform;
    private readonly float[] _window, _frame;
    private readonly double[] _power, _powerBefore, _angle, _angleBefore;
    private readonly int[] _peaks;
    private readonly float _scale;

    private PhaseVocoder(int size, int sampleRate, bool resetsAll)
    {
        (_size, _hop, _bins, _sampleRate, _resetsAll) = (size, size / Overlap, size / 2 + 1, sampleRate, resetsAll);
        _transform = new RealFft(size);
        _window = [.. Enumerable.Range(0, size).Select(i => (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * i / size)))];
        _frame = new float[size];
        (_power, _powerBefore, _angle, _angleBefore) = (new double[_bins], new double[_bins], new double[_bins], new double[_bins]);
        _peaks = new int[_bins];
        _scale = ScaleOf(_transform, size);
    }

    /// <summary>Creates one with windows that suit a stem.</summary>
    public static PhaseVocoder For(Stem? stem, int sampleRate)
    {
        double seconds = stem switch { Stem.Bass => Long, Stem.Drums => Short, _ => Middle };
        return new PhaseVocoder((int)BitOperations.RoundUpToPowerOf2((uint)(seconds * sampleRate)), sampleRate, stem == Stem.Drums);
    }

    /// <summary>Stretches channels that belong together.</summary>
    /// <param name="channels">Equally long, not empty.</param>
    /// <param name="length">Samples of the result.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public float[][] Stretch(ReadOnlyMemory<float>[] channels, int length, CancellationToken cancellationToken)
    {
        int inputLength = channels[0].Length;
        var map = new TimeMap(inputLength, length, Attacks.Find(channels, _sampleRate), _size / 2);
        Spectrum[] now = Spectra(channels), before = Spectra(channels);
        float[][] outputs = [.. channels.Select(_ => new float[length])];
        var weights = new float[length];
        Array.Clear(_angleBefore);
        int centreBefore = 0;
        for (int frame = 0; frame * _hop < length + _size / 2; frame++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (double input, bool isAttack) = map.At(frame * _hop);
            int centre = (int)Math.Round(input);
            Analyze(channels, centre, now);
            FindAngles(now, before, centre - centreBefore, isAttack, isFirst: frame == 0);
            for (int channel = 0; channel < channels.Length; channel++)
                Synthesize(now[channel], outputs[channel], frame * _hop - _size / 2);
            AddWeights(weights, frame * _hop - _size / 2);
            (now, before, centreBefore) = (before, now, centre);
            _power.CopyTo(_powerBefore, 0);
            _angle.CopyTo(_angleBefore, 0);
        }
        foreach (float[] output in outputs)
            TensorPrimitives.Divide(output, weights, output);
        return outputs;
    }

    /// <summary>What a transform forth and back multiplies by.</summary>
    private static float ScaleOf(RealFft transform, int size)
    {
        var impulse = new float[size];
        impulse[0] = 1;
        float[] real = new float[size / 2 + 1], imaginary = new float[size / 2 + 1];
        transform.Direct(impulse, real, imaginary);
        transform.Inverse(real, imaginary, impulse);
        return 1 / impulse[0];
    }

    private Spectrum[] Spectra(ReadOnlyMemory<float>[] channels) =>
        [.. channels.Select(_ => new Spectrum(new float[_bins], new float[_bins]))];

    private void Analyze(ReadOnlyMemory<float>[] channels, int centre, Spectrum[] spectra)
    {
        Array.Clear(_power);
        for (int channel = 0; channel < channels.Length; channel++)
        {
            ReadOnlySpan<float> samples = channels[channel].Span;
            int start = centre - _size / 2, from = Math.Clamp(-start, 0, _size), to = Math.Clamp(samples.Length - start, from, _size);
            Array.Clear(_frame);
            if (to > from)
                TensorPrimitives.Multiply(samples.Slice(start + from, to - from), _window.AsSpan(from, to - from), _frame.AsSpan(from));
            (float[] real, float[] imaginary) = spectra[channel];
            _transform.Direct(_frame, real, imaginary);
            for (int bin = 0; bin < _bins; bin++)
                _power[bin] += (double)real[bin] * real[bin] + (double)imaginary[bin] * imaginary[bin];
        }
    }

    /// <summary>By how much each bin turns: that of its peak, by the peak's frequency times the difference of both distances.</summary>
    private void FindAngles(Spectrum[] now, Spectrum[] before, int distance, bool isAttack, bool isFirst)
    {
        int peaks = FindPeaks(), from = 0;
        for (int i = 0; i < peaks; i++)
        {
            int peak = _peaks[i], to = i == peaks - 1 ? _bins : LeastBetween(peak, _peaks[i + 1]);
            double angle = isFirst || (isAttack && (_resetsAll || _power[peak] > Rise * _powerBefore[peak])) ? 0
                : _angleBefore[peak] + (_hop - distance) * FrequencyOf(peak, now, before, distance);
            for (; from < to; from++)
                _angle[from] = angle;
        }
    }

    private int FindPeaks()
    {
        int count = 0;
        for (int bin = 1; bin < _bins - 1; bin++)
        {
            double power = _power[bin];
            if (power > _power[bin - 1] && power >= _power[bin + 1] && power > _power[Math.Max(0, bin - 2)]
                && power >= _power[Math.Min(_bins - 1, bin + 2)])
                _peaks[count++] = bin;
        }
        if (count == 0)
            _peaks[count++] = _bins / 2;
        return count;
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

    /// <summary>The frequency of a peak in radians per sample, from how far its phase went on in the channel that has most of it.</summary>
    private double FrequencyOf(int peak, Spectrum[] now, Spectrum[] before, int distance)
    {
        int loudest = 0;
        for (int channel = 1; channel < now.Length; channel++)
        {
            if (now[channel].PowerAt(peak) > now[loudest].PowerAt(peak))
                loudest = channel;
        }
        double middle = 2 * Math.PI * peak / _size;
        if (distance <= 0)
            return middle;
        double turned = now[loudest].PhaseAt(peak) - before[loudest].PhaseAt(peak) - middle * distance;
        return middle + Math.IEEERemainder(turned, 2 * Math.PI) / distance;
    }

    private void Synthesize(Spectrum spectrum, float[] output, int start)
    {
        (float[] real, float[] imaginary) = spectrum;
        float[] turnedReal = new float[_bins], turnedImaginary = new float[_bins];
        double last = double.NaN;
        (double sine, double cosine) = (0, 1);
        for (int bin = 0; bin < _bins; bin++)
        {
            if (_angle[bin] != last)
                (sine, cosine) = Math.SinCos(last = _angle[bin]);
            turnedReal[bin] = (float)(real[bin] * cosine - imaginary[bin] * sine);
            turnedImaginary[bin] = (float)(real[bin] * sine + imaginary[bin] * cosine);
        }
        _transform.Inverse(turnedReal, turnedImaginary, _frame);
        int from = Math.Max(0, -start), to = Math.Min(_size, output.Length - start);
        for (int i = from; i < to; i++)
            output[start + i] += _frame[i] * _window[i] * _scale;
    }

    private void AddWeights(float[] weights, int start)
    {
        int from = Math.Max(0, -start), to = Math.Min(_size, weights.Length - start);
        for (int i = from; i < to; i++)
            weights[start + i] += _window[i] * _window[i];
    }

    private readonly record struct Spectrum(float[] Real, float[] Imaginary)
    {
        public double PowerAt(int bin) => (double)Real[bin] * Real[bin] + (double)Imaginary[bin] * Imaginary[bin];

        public double PhaseAt(int bin) => Math.Atan2(Imaginary[bin], Real[bin]);
    }
}
