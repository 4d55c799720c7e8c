using System.Numerics;
using NWaves.Transforms;

namespace StemJepa;

/// <summary>
/// The mean product of two sequences of frames at every shift of the one against the other, by fast transforms. Thread-safe.
/// </summary>
internal static class ShiftCorrelation
{
    /// <summary>Columns of patches that both must share: 8 s, or half of the shorter one, since chance agrees over less.</summary>
    public static int LeastShared(int patches, int other) => Math.Min(ModelEncoder.WindowPatches, (Math.Min(patches, other) + 1) / 2);

    /// <summary>
    /// For each shift, the mean over the shared frames of the product of <paramref name="left"/>'s frame t + shift and
    /// <paramref name="right"/>'s frame t.
    /// </summary>
    /// <param name="left">[frames, channels].</param>
    /// <param name="right">[frames, channels].</param>
    /// <param name="channels">Values of a frame.</param>
    /// <param name="least">Columns that both must share.</param>
    /// <param name="step">Seconds from one frame to the next.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static ShiftCurve Compute(float[] left, float[] right, int channels, int least, double step,
        CancellationToken cancellationToken = default)
    {
        int length = left.Length / channels, other = right.Length / channels;
        int first = least - other, last = length - least;
        double[] sums = Correlate(left, length, right, other, channels, cancellationToken);
        int[] shared = [.. Enumerable.Range(first, last - first + 1).Select(shift => Math.Min(length, other + shift) - Math.Max(0, shift))];
        float[] values = [.. shared.Select((columns, i) => (float)(sums[(first + i + sums.Length) % sums.Length] / columns))];
        return new ShiftCurve(values, first, shared, step);
    }

    /// <summary>
    /// The correlation of two sequences of frames: value s, cyclic, is the sum over t and channels of left[t + s] right[t]. Both real rows
    /// of a channel go through one transform, as its real and imaginary parts; the products of all channels are added before the way back.
    /// </summary>
    private static double[] Correlate(float[] left, int leftCount, float[] right, int rightCount, int channels,
        CancellationToken cancellationToken)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, leftCount + rightCount));
        var transform = new Fft64(size);
        double[] real = new double[size], imaginary = new double[size], productReal = new double[size], productImaginary = new double[size];
        for (int channel = 0; channel < channels; channel++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int t = 0; t < size; t++)
            {
                real[t] = t < leftCount ? left[t * channels + channel] : 0;
                imaginary[t] = t < rightCount ? right[t * channels + channel] : 0;
            }
            transform.Direct(real, imaginary);
            for (int k = 0; k < size; k++)
            {
                int mirror = (size - k) % size;
                double leftReal = (real[k] + real[mirror]) / 2, leftImaginary = (imaginary[k] - imaginary[mirror]) / 2;
                double rightReal = (imaginary[k] + imaginary[mirror]) / 2, rightImaginary = (real[mirror] - real[k]) / 2;
                productReal[k] += leftReal * rightReal + leftImaginary * rightImaginary;
                productImaginary[k] += leftImaginary * rightReal - leftReal * rightImaginary;
            }
        }
        for (int k = 0; k < size; k++)
            (productReal[k], productImaginary[k]) = (productReal[k] / size, -productImaginary[k] / size);
        transform.Direct(productReal, productImaginary);
        return productReal;
    }
}
