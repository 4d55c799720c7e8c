using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace StemJepa;

/// <summary>
/// The strength of the twelve pitch classes over time, from 4096-point spectra of a recording that is given block by block: of all bins, or
/// of the peaks that stand out (<see cref="SpectralPeaks"/>), which noise and drums have few of. Memory grows by the values alone. One
/// recording, one caller at a time.
/// </summary>
internal sealed class Chromagram
{
    /// <summary>Values of a frame, C first.</summary>
    internal const int Classes = 12;

    /// <summary>Frames per second.</summary>
    internal const int Hop = 1600;

    /// <summary>Values of <see cref="MeanAndDeviation"/>.</summary>
    internal const int Moments = 2 * Classes;

    private const int FrameLength = SpectrumPair.FrameLength, TuningClass = 9, BlockSamples = 1 << 16;

    /// <summary>A2 to A7: below, bins of 3.9 Hz do not separate semitones.</summary>
    private const double LowestHz = 110, HighestHz = 3520, TuningHz = 440;

    /// <summary>140 dB: a frame that is further below the loudest is silent, and holds rounding errors of another.</summary>
    private const float Range = 1e-7f;

    private static readonly int FirstBin = (int)Math.Ceiling(LowestHz * FrameLength / FrontEndSettings.SampleRate);

    /// <summary>How much each bin from <see cref="FirstBin"/> on belongs to its pitch class.</summary>
    private static readonly double[] Weights = [.. Bins.Select(bin => bin.Weight)];

    /// <summary>Where, from <see cref="FirstBin"/> on, each note's bins end, and its pitch class.</summary>
    private static readonly (int End, int Class)[] Notes = [.. Bins.Select((bin, index) => (End: index + 1, bin.Class))
        .Where((note, index) => index == Weights.Length - 1 || note.Class != ClassOf(FirstBin + index + 1).Class)];

    private readonly int _hop;
    private readonly float[] _pair;
    private readonly SpectrumPair _spectra;
    private readonly SpectralPeaks? _peaks;
    private readonly List<float> _values = [];
    private int _filled = FrameLength / 2;
    private long _samples;

    /// <summary>Begins a recording.</summary>
    /// <param name="hop">Samples from one frame to the next, at most 4096; frames are centred on their multiples.</param>
    /// <param name="peaks">Whether only peaks count.</param>
    public Chromagram(int hop, bool peaks = false)
    {
        _hop = hop;
        _peaks = peaks ? new SpectralPeaks() : null;
        _spectra = peaks ? new SpectrumPair(SpectralPeaks.FirstBin, SpectralPeaks.Bins) : new SpectrumPair(FirstBin, Weights.Length);
        _pair = new float[FrameLength + hop];
    }

    /// <summary>The chroma of a whole recording, [1 + (samples - 1) / hop, 12]; empty if the recording is.</summary>
    /// <param name="samples">16 kHz mono.</param>
    /// <param name="hop">As in the constructor.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static float[] Compute(ReadOnlySpan<float> samples, int hop, CancellationToken cancellationToken = default) =>
        Compute(new Chromagram(hop), samples, cancellationToken);

    /// <summary>The chroma of the peaks of a whole recording, shaped as that of all bins.</summary>
    public static float[] ComputePeaks(ReadOnlySpan<float> samples, int hop) => Compute(new Chromagram(hop, peaks: true), samples, default);

    private static float[] Compute(Chromagram chromagram, ReadOnlySpan<float> samples, CancellationToken cancellationToken)
    {
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
    /// <returns>Magnitudes by pitch class, [frames, 12]; zero in silence.</returns>
    public float[] End()
    {
        int length = (int)((_samples + _hop - 1) / _hop) * Classes;
        while (_values.Count < length)
        {
            _pair.AsSpan(_filled).Clear();
            Advance(_pair.Length - _filled);
        }
        float[] chroma = [.. _values.Take(length)];
        float least = Range * chroma.DefaultIfEmpty(0).Max();
        for (int start = 0; start < length; start += Classes)
        {
            if (TensorPrimitives.Max<float>(chroma.AsSpan(start, Classes)) < least)
                chroma.AsSpan(start, Classes).Clear();
        }
        return chroma;
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

    private static IEnumerable<(int Class, double Weight)> Bins =>
        Enumerable.Range(FirstBin, (int)(HighestHz * FrameLength / FrontEndSettings.SampleRate) - FirstBin + 1)
            .Select(bin => ClassOf(bin));

    /// <summary>
    /// The pitch class of a bin, or of a frequency between bins, and how much it belongs to it: 1 in tune, 0 a quarter tone off.
    /// </summary>
    internal static (int Class, double Weight) ClassOf(double bin)
    {
        double hz = bin * FrontEndSettings.SampleRate / FrameLength;
        double semitones = TuningClass + Classes * Math.Log2(hz / TuningHz), nearest = Math.Round(semitones);
        return ((((int)nearest % Classes) + Classes) % Classes, Math.Pow(Math.Cos(Math.PI * (semitones - nearest)), 2));
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

    private void WritePair()
    {
        _spectra.Compute(_pair, _pair.AsSpan(_hop));
        AddClasses(_spectra.First);
        AddClasses(_spectra.Second);
    }

    private void AddClasses(ReadOnlySpan<double> magnitudes)
    {
        Span<double> sums = stackalloc double[Classes];
        sums.Clear();
        if (_peaks is not null)
            _peaks.AddTo(sums, magnitudes);
        else
            AddBins(sums, magnitudes);
        foreach (double sum in sums)
            _values.Add((float)sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddBins(Span<double> sums, ReadOnlySpan<double> magnitudes)
    {
        int bin = 0;
        foreach ((int end, int pitch) in Notes)
        {
            double sum = 0;
            for (; bin < end; bin++)
                sum += Weights[bin] * magnitudes[bin];
            sums[pitch] += sum;
        }
    }
}
