using System.Numerics;

namespace StemJepa;

/// <summary>The mean product of two sequences of columns at every shift of the one against the other, by fast transforms. Thread-safe.</summary>
internal static class ShiftCorrelation
{
    /// <summary>Columns (8 s) that both must share, or half of the shorter one: chance agrees over less.</summary>
    private const int LeastShared = ModelEncoder.WindowPatches;

    /// <summary>For each shift, the mean over the shared columns of the product of <paramref name="left"/>'s column t + shift and <paramref name="right"/>'s column t.</summary>
    /// <param name="left">[columns, channels].</param>
    /// <param name="right">[columns, channels].</param>
    /// <param name="channels">Values of a column.</param>
    /// <returns>The curve, and the shift of its first value in columns.</returns>
    public static (float[] Curve, int FirstShift) Of(float[] left, float[] right, int channels)
    {
        int length = left.Length / channels, other = right.Length / channels;
        int least = Math.Min(LeastShared, (Math.Min(length, other) + 1) / 2);
        int first = least - other, last = length - least;
        Complex[] sums = Correlate(left, length, right, other, channels);
        var curve = new float[last - first + 1];
        for (int shift = first; shift <= last; shift++)
            curve[shift - first] = (float)(sums[(shift + sums.Length) % sums.Length].Real / Shared(length, other, shift));
        return (curve, first);
    }

    /// <summary>Columns that sequences of these lengths share at a shift.</summary>
    public static int Shared(int length, int other, int shift) => Math.Min(length, other + shift) - Math.Max(0, shift);

    /// <summary>
    /// The correlation of two sequences of columns: value s, cyclic, is the sum over t and channels of left[t + s] right[t]. Both real rows of
    /// a channel go through one transform, as its real and imaginary parts; the products of all channels are added before the way back.
    /// </summary>
    private static Complex[] Correlate(float[] left, int leftCount, float[] right, int rightCount, int channels)
    {
        var transform = new FourierTransform((int)BitOperations.RoundUpToPowerOf2((uint)(leftCount + rightCount)));
        int size = transform.Length;
        Complex[] row = new Complex[size], product = new Complex[size];
        for (int channel = 0; channel < channels; channel++)
        {
            for (int t = 0; t < size; t++)
                row[t] = new Complex(t < leftCount ? left[t * channels + channel] : 0, t < rightCount ? right[t * channels + channel] : 0);
            transform.Forward(row);
            for (int k = 0; k < size; k++)
            {
                Complex here = row[k], mirrored = Complex.Conjugate(row[(size - k) % size]);
                Complex ofLeft = (here + mirrored) / 2, ofRight = (here - mirrored) / new Complex(0, 2);
                product[k] += ofLeft * Complex.Conjugate(ofRight);
            }
        }
        for (int k = 0; k < size; k++)
            product[k] = Complex.Conjugate(product[k]) / size;
        transform.Forward(product);
        return product;
    }
}
