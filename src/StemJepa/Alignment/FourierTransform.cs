using System.Numerics;

namespace StemJepa;

/// <summary>The discrete Fourier transform of a power of two of complex values, in double precision. Thread-safe.</summary>
internal sealed class FourierTransform
{
    private readonly Complex[] _roots;

    /// <summary>Prepares transforms of <paramref name="length"/> values, a power of two.</summary>
    public FourierTransform(int length)
    {
        if (!BitOperations.IsPow2(length))
            throw new ArgumentOutOfRangeException(nameof(length), length, "The length is a power of two.");
        Length = length;
        _roots = [.. Enumerable.Range(0, Math.Max(1, length / 2)).Select(i => Complex.FromPolarCoordinates(1, -2 * Math.PI * i / length))];
    }

    /// <summary>Values of a transform.</summary>
    public int Length { get; }

    /// <summary>Transforms in place: X[k] = sum of x[n] exp(-2 pi i k n / length).</summary>
    public void Forward(Span<Complex> values)
    {
        Reorder(values[..Length]);
        for (int half = 1; half < Length; half *= 2)
        {
            int rootStep = Length / (2 * half);
            for (int start = 0; start < Length; start += 2 * half)
            {
                for (int i = 0; i < half; i++)
                {
                    Complex even = values[start + i], odd = values[start + i + half] * _roots[i * rootStep];
                    values[start + i] = even + odd;
                    values[start + i + half] = even - odd;
                }
            }
        }
    }

    private void Reorder(Span<Complex> values)
    {
        int reversed = 0;
        for (int i = 1; i < Length; i++)
        {
            int bit = Length / 2;
            for (; (reversed & bit) != 0; bit /= 2)
                reversed ^= bit;
            reversed |= bit;
            if (i < reversed)
                (values[i], values[reversed]) = (values[reversed], values[i]);
        }
    }
}
