using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// The strength of the twelve pitch classes over time, from 4096-point spectra of a recording that is given block by block; memory grows by
/// the values alone. One recording, one caller at a time.
/// </summary>
internal sealed class Chromagram
{
    /// <summary>Values of a frame, C first.</summary>
    internal const int Classes = 12;

    /// <summary>Frames per second.</summary>
    internal const int Hop = 1600;

    /// <summary>Values of <see cref="MeanAndDeviation"/>.</summary>
    internal const int Moments = 2 * Classes;

    private const int FftSize = 4096, TuningClass = 9, BlockSamples = 1 << 16;

    /// <summary>A2 to A7: below, bins of 3.9 Hz do not separate semitones.</summary>
    private const double LowestHz = 110, HighestHz = 3520, TuningHz = 440;

    private static readonly double[] Window =
        [.. Enumerable.Range(0, FftSize).Select(i => 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / FftSize))];
    private static readonly (int Bin, int Class, double Weight)[] Bins =
        [.. Enumerable.Range(1, FftSize / 2).Select(ClassOf).Where(bin => bin.Weight > 0)];

    private readonly int _hop;
    private readonly float[] _pair;
    private readonly VectorTransform _transform = new(FftSize);
    private double[] _real = new double[FftSize], _imaginary = new double[FftSize];
    private readonly List<float> _values = [];
    private int _filled = FftSize / 2;
    private long _samples;

    /// <summary>Begins a recording.</summary>
    /// <param name="hop">Samples from one frame to the next, at most 4096; frames are centred on their multiples.</param>
    public Chromagram(int hop)
    {
        _hop = hop;
        _pair = new float[FftSize + hop];
    }

    /// <summary>The chroma of a whole recording, [1 + (samples - 1) / hop, 12]; empty if the recording is.</summary>
    /// <param name="samples">16 kHz mono.</param>
    /// <param name="hop">As in the constructor.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static float[] Compute(ReadOnlySpan<float> samples, int hop, CancellationToken cancellationToken = default)
    {
        var chromagram = new Chromagram(hop);
        for (; samples.Length > 0; samples = samples[Math.Min(samples.Length, BlockSamples)..])
        {
            cancellationToken.ThrowIfCancellationRequested();
            chromagram.Add(samples[..Math.Min(samples.Length, BlockSamples)]);
        }
        return chromagram.End();
    }

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">16 kHz mono.</param>
    public void Add(ReadOnlySpan<float> samples)
    {
        _samples += samples.Length;
        while (samples.Length > 0)
        {
            int taken = Math.Min(samples.Length, _pair.Length - _filled);
            samples[..taken].CopyTo(_pair.AsSpan(_filled));
            samples = samples[taken..];
            Advance(taken);
        }
    }

    /// <summary>Ends the recording.</summary>
    /// <returns>Magnitudes by pitch class, [frames, 12].</returns>
    public float[] End()
    {
        int length = (int)((_samples + _hop - 1) / _hop) * Classes;
        while (_values.Count < length)
        {
            _pair.AsSpan(_filled).Clear();
            Advance(_pair.Length - _filled);
        }
        return [.. _values.Take(length)];
    }

    /// <summary>
    /// Mean and deviation over time of each pitch class, [24], of frames that are as loud as one another; silent ones are zero.
    /// </summary>
    /// <param name="chroma">[frames, 12]; at least one frame.</param>
    public static float[] MeanAndDeviation(ReadOnlySpan<float> chroma)
    {
        double frames = chroma.Length / Classes;
        Span<double> sums = stackalloc double[Classes], squares = stackalloc double[Classes];
        sums.Clear();
        squares.Clear();
        for (int start = 0; start < chroma.Length; start += Classes)
        {
            ReadOnlySpan<float> frame = chroma.Slice(start, Classes);
            float norm = TensorPrimitives.Norm(frame);
            for (int pitch = 0; pitch < Classes && norm > 0; pitch++)
            {
                double value = frame[pitch] / norm;
                sums[pitch] += value;
                squares[pitch] += value * value;
            }
        }
        var moments = new float[Moments];
        for (int pitch = 0; pitch < Classes; pitch++)
        {
            double mean = sums[pitch] / frames;
            moments[pitch] = (float)mean;
            moments[Classes + pitch] = (float)Math.Sqrt(Math.Max(0, squares[pitch] / frames - mean * mean));
        }
        return moments;
    }

    /// <summary>How much a bin belongs to its pitch class: 1 in tune, 0 a quarter tone off.</summary>
    private static (int Bin, int Class, double Weight) ClassOf(int bin)
    {
        double hz = (double)bin * FrontEndSettings.SampleRate / FftSize;
        if (hz is < LowestHz or > HighestHz)
            return default;
        double semitones = TuningClass + Classes * Math.Log2(hz / TuningHz), nearest = Math.Round(semitones);
        return (bin, (((int)nearest % Classes) + Classes) % Classes, Math.Pow(Math.Cos(Math.PI * (semitones - nearest)), 2));
    }

    private void Advance(int samples)
    {
        _filled += samples;
        if (_filled < _pair.Length)
            return;
        WritePair();
        _pair.AsSpan(2 * _hop).CopyTo(_pair);
        _filled -= 2 * _hop;
    }

    /// <summary>Two frames by one transform: as the real and the imaginary parts of its values.</summary>
    private void WritePair()
    {
        for (int i = 0; i < FftSize; i++)
            (_real[i], _imaginary[i]) = (_pair[i] * Window[i], _pair[i + _hop] * Window[i]);
        _transform.Direct(ref _real, ref _imaginary);
        Span<double> first = stackalloc double[Classes], second = stackalloc double[Classes];
        first.Clear();
        second.Clear();
        foreach ((int bin, int pitch, double weight) in Bins)
        {
            (double re, double im, double mirroredRe, double mirroredIm) =
                (_real[bin], _imaginary[bin], _real[FftSize - bin], _imaginary[FftSize - bin]);
            first[pitch] += weight * Length(re + mirroredRe, im - mirroredIm) / 2;
            second[pitch] += weight * Length(re - mirroredRe, im + mirroredIm) / 2;
        }
        foreach (double value in first)
            _values.Add((float)value);
        foreach (double value in second)
            _values.Add((float)value);
    }

    private static double Length(double re, double im) => Math.Sqrt(re * re + im * im);
}
