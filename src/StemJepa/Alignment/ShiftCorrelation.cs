using System.Numerics;

namespace StemJepa;

/// <summary>The mean product of two sequences of columns at every shift of the one against the other, by fast transforms. Thread-safe.</summary>
internal static class ShiftCorrelation
{
    /// <summary>Columns of patches that both must share: 8 s, or half of the shorter one, since chance agrees over less.</summary>
    public static int LeastShared(int columns, int other) => Math.Min(ModelEncoder.WindowPatches, (Math.Min(columns, other) + 1) / 2);

    /// <summary>For each shift, the mean over the shared columns of the product of <paramref name="left"/>'s column t + shift and <paramref name="right"/>'s column t.</summary>
    /// <param name="left">[columns, channels].</param>
    /// <param name="right">[columns, channels].</param>
    /// <param name="channels">Values of a column.</param>
    /// <param name="least">Columns that both must share.</param>
    /// <param name="step">Seconds from one column to the next.</param>
    public static ShiftCurve Of(float[] left, float[] right, int channels, int least, double step)
    {
        int length = left.Length / channels, other = right.Length / channels;
        int first = least - other, last = length - least;
        Complex[] sums = Correlate(left, length, right, other, channels);
        int[] shared = [.. Enumerable.Range(first, last - first + 1).Select(shift => Math.Min(length, other + shift) - Math.Max(0, shift))];
        float[] values = [.. shared.Select((columns, i) => (float)(sums[(first + i + sums.Length) % sums.Length].Real / columns))];
        return new ShiftCurve(values, first, shared, step);
    }

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
