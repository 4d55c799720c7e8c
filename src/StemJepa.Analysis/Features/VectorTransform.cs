using System.Numerics;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// The discrete Fourier transform of a complex sequence in double precision, by Stockham's algorithm, whose inner loops are vectors.
/// One caller at a time.
/// </summary>
internal sealed class VectorTransform
{
    private readonly int _size;
    private readonly double[] _cosines, _sines;
    private double[] _real, _imaginary;

    /// <param name="size">A power of 2, at least 2.</param>
    public VectorTransform(int size)
    {
        if (size < 2 || !BitOperations.IsPow2(size))
            throw new ArgumentOutOfRangeException(nameof(size), size, "The size is a power of 2, at least 2.");
        _size = size;
        (_real, _imaginary) = (new double[size], new double[size]);
        _cosines = [.. Enumerable.Range(0, size / 2).Select(i => Math.Cos(2 * Math.PI * i / size))];
        _sines = [.. Enumerable.Range(0, size / 2).Select(i => -Math.Sin(2 * Math.PI * i / size))];
    }

    /// <summary>Transforms in place: sums over t of x[t] exp(-2 pi i k t / size).</summary>
    /// <param name="real">[size]; replaced by another array of this object's.</param>
    /// <param name="imaginary">[size]; as <paramref name="real"/>.</param>
    public void Direct(ref double[] real, ref double[] imaginary)
    {
        for (int groups = _size / 2, length = 1; groups >= 1; groups /= 2, length *= 2)
        {
            Step(real, imaginary, _real, _imaginary, groups, length);
            (real, _real) = (_real, real);
            (imaginary, _imaginary) = (_imaginary, imaginary);
        }
    }

    /// <summary>One step: group j holds butterflies of <paramref name="length"/> values that share a twiddle factor.</summary>
    private void Step(double[] real, double[] imaginary, double[] toReal, double[] toImaginary, int groups, int length)
    {
        int half = _size / 2, width = Vector<double>.Count;
        for (int j = 0; j < groups; j++)
        {
            double cosine = _cosines[j * length], sine = _sines[j * length];
            int from = j * length, to = 2 * from;
            if (length < width)
            {
                for (int k = 0; k < length; k++)
                {
                    double re = real[from + k], im = imaginary[from + k], otherRe = real[from + k + half],
                        otherIm = imaginary[from + k + half];
                    (toReal[to + k], toImaginary[to + k]) = (re + otherRe, im + otherIm);
                    (re, im) = (re - otherRe, im - otherIm);
                    toReal[to + length + k] = re * cosine - im * sine;
                    toImaginary[to + length + k] = re * sine + im * cosine;
                }
                continue;
            }
            ReadOnlySpan<Vector<double>> firstRe = Vectors(real, from, length), firstIm = Vectors(imaginary, from, length);
            ReadOnlySpan<Vector<double>> secondRe = Vectors(real, from + half, length), secondIm = Vectors(imaginary, from + half, length);
            Span<Vector<double>> sumRe = Vectors(toReal, to, length), sumIm = Vectors(toImaginary, to, length);
            Span<Vector<double>> restRe = Vectors(toReal, to + length, length), restIm = Vectors(toImaginary, to + length, length);
            for (int k = 0; k < firstRe.Length; k++)
            {
                Vector<double> re = firstRe[k] - secondRe[k], im = firstIm[k] - secondIm[k];
                (sumRe[k], sumIm[k]) = (firstRe[k] + secondRe[k], firstIm[k] + secondIm[k]);
                restRe[k] = re * cosine - im * sine;
                restIm[k] = re * sine + im * cosine;
            }
        }
    }

    private static Span<Vector<double>> Vectors(double[] values, int start, int length) =>
        MemoryMarshal.Cast<double, Vector<double>>(values.AsSpan(start, length));
}
