using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StemJepa;

/// <summary>Magnitude spectra of two Hann-windowed frames of 4096 samples. One caller at a time.</summary>
internal sealed class SpectrumPair
{
    /// <summary>Samples of a frame.</summary>
    public const int FrameLength = 4096;

    private const int Lanes = 8;

    /// <summary>Half of the window, since the transform doubles.</summary>
    private static readonly double[] HalfWindow =
        [.. Enumerable.Range(0, FrameLength).Select(i => 0.25 - 0.25 * Math.Cos(2 * Math.PI * i / FrameLength))];

    private readonly int _firstBin;
    private readonly PairTransform<double> _transform = new(FrameLength);
    private readonly Spectrum<double> _ofFirst = Spectrum<double>.Create(FrameLength), _ofSecond = Spectrum<double>.Create(FrameLength);
    private readonly double[] _first, _second;

    /// <param name="firstBin">The first bin whose magnitude is wanted.</param>
    /// <param name="bins">How many bins, rounded up to a multiple of 8.</param>
    public SpectrumPair(int firstBin, int bins)
    {
        int rounded = (bins + Lanes - 1) / Lanes * Lanes;
        (_firstBin, _first, _second) = (firstBin, new double[rounded], new double[rounded]);
    }

    /// <summary>The magnitudes of the first frame, from the first bin on.</summary>
    public ReadOnlySpan<double> First => _first;

    /// <summary>Those of the second frame.</summary>
    public ReadOnlySpan<double> Second => _second;

    /// <summary>Transforms two frames.</summary>
    public void Compute(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        WriteWindowed(first, _transform.First);
        WriteWindowed(second, _transform.Second);
        _transform.Direct(_ofFirst, _ofSecond);
        WriteMagnitudes(_ofFirst, _first);
        WriteMagnitudes(_ofSecond, _second);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteWindowed(ReadOnlySpan<float> frame, Span<double> windowed)
    {
        for (int i = 0; i < FrameLength; i += 2 * Lanes)
        {
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(Vector512.Create(frame.Slice(i, 2 * Lanes)));
            (lower * At(HalfWindow, i)).CopyTo(windowed[i..]);
            (upper * At(HalfWindow, i + Lanes)).CopyTo(windowed[(i + Lanes)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteMagnitudes(Spectrum<double> spectrum, double[] magnitudes)
    {
        for (int i = 0; i < magnitudes.Length; i += Lanes)
        {
            Vector512<double> re = At(spectrum.Real, _firstBin + i), im = At(spectrum.Imaginary, _firstBin + i);
            Vector512.Sqrt(re * re + im * im).CopyTo(magnitudes, i);
        }
    }

    private static Vector512<double> At(double[] values, int index) => Vector512.Create(values.AsSpan(index, Lanes));
}
