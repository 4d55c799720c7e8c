using System.Numerics;

namespace StemJepa;

/// <summary>The affinity of two sequences of patches at every shift of the one against the other. Thread-safe.</summary>
internal static class PatchCorrelation
{
    /// <summary>Columns (8 s) that mix and candidate must share, or half of the shorter one: chance agrees over less.</summary>
    private const int LeastShared = ModelEncoder.WindowPatches;

    /// <summary>
    /// For each shift, the mean over the shared columns of the cosine of <paramref name="prediction"/>'s column t + shift and
    /// <paramref name="candidate"/>'s column t, both layer-normed without weights.
    /// </summary>
    /// <returns>The curve, and the shift of its first value in columns.</returns>
    public static (float[] Curve, int FirstShift) Of(PatchSequence prediction, PatchSequence candidate)
    {
        int length = prediction.Count, other = candidate.Count;
        int least = Math.Min(LeastShared, (Math.Min(length, other) + 1) / 2);
        int first = least - other, last = length - least;
        Complex[] sums = Correlate(Directions(prediction), length, Directions(candidate), other, prediction.ColumnLength);
        var curve = new float[last - first + 1];
        for (int shift = first; shift <= last; shift++)
        {
            curve[shift - first] = (float)(sums[(shift + sums.Length) % sums.Length].Real / Shared(length, other, shift));
        }
        return (curve, first);
    }

    /// <summary>The same, and what follows from it.</summary>
    public static StemAlignment Align(PatchSequence prediction, PatchSequence candidate)
    {
        (float[] curve, int first) = Of(prediction, candidate);
        return new StemAlignment(curve, first, [.. curve.Select((_, i) => Shared(prediction.Count, candidate.Count, first + i))]);
    }

    /// <summary>The same at the shift 0 alone.</summary>
    public static float AtZero(PatchSequence prediction, PatchSequence candidate)
    {
        int shared = Math.Min(prediction.Count, candidate.Count), length = shared * prediction.ColumnLength;
        return float.Clamp(DotProduct.Of(Directions(prediction).AsSpan(0, length), Directions(candidate).AsSpan(0, length)) / shared, -1f, 1f);
    }

    /// <summary>Columns that sequences of these lengths share at a shift.</summary>
    private static int Shared(int length, int other, int shift) => Math.Min(length, other + shift) - Math.Max(0, shift);

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

    /// <summary>Each column layer-normed without weights and scaled to length 1; zero if it is constant.</summary>
    private static float[] Directions(PatchSequence sequence)
    {
        float[] directions = sequence.Values.ToArray();
        int length = sequence.ColumnLength;
        for (int column = 0; column < sequence.Count; column++)
            StemEmbedding.WriteDirection(directions.AsSpan(column * length, length), directions.AsSpan(column * length, length));
        return directions;
    }
}
