using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StemJepa;

/// <summary>
/// Magnitude spectra of two Hann-windowed frames of 4096 samples by one transform: one frame is the real part, the other the imaginary.
/// One caller at a time.
/// </summary>
internal sealed class SpectrumPair
{
    /// <summary>Samples of a frame.</summary>
    public const int FrameLength = 4096;

    private const int Lanes = 8;

    private static readonly double[] Window =
        [.. Enumerable.Range(0, FrameLength).Select(i => 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / FrameLength))];
    private static readonly Vector512<long> Backwards = Vector512.Create(7L, 6, 5, 4, 3, 2, 1, 0);

    private readonly int _firstBin;
    private readonly VectorTransform _transform = new(FrameLength);
    private readonly double[] _real = new double[FrameLength], _imaginary = new double[FrameLength];
    private readonly double[] _first, _second;

    /// <param name="firstBin">The first bin whose magnitude is wanted, at least 1.</param>
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        WriteWindowed(first, _real);
        WriteWindowed(second, _imaginary);
        _transform.Direct(_real, _imaginary);
        for (int i = 0; i < _first.Length; i += Lanes)
        {
            int bin = _firstBin + i, mirrored = FrameLength - bin - Lanes + 1;
            Vector512<double> re = At(_real, bin), im = At(_imaginary, bin);
            Vector512<double> mirroredRe = Vector512.Shuffle(At(_real, mirrored), Backwards);
            Vector512<double> mirroredIm = Vector512.Shuffle(At(_imaginary, mirrored), Backwards);
            HalfLength(re + mirroredRe, im - mirroredIm).CopyTo(_first, i);
            HalfLength(re - mirroredRe, im + mirroredIm).CopyTo(_second, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteWindowed(ReadOnlySpan<float> frame, double[] windowed)
    {
        for (int i = 0; i < FrameLength; i += 2 * Lanes)
        {
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(Vector512.Create(frame.Slice(i, 2 * Lanes)));
            (lower * At(Window, i)).CopyTo(windowed, i);
            (upper * At(Window, i + Lanes)).CopyTo(windowed, i + Lanes);
        }
    }

    private static Vector512<double> At(double[] values, int index) => Vector512.Create(values.AsSpan(index, Lanes));

    private static Vector512<double> HalfLength(Vector512<double> re, Vector512<double> im) => Vector512.Sqrt(re * re + im * im) * 0.5;
}
