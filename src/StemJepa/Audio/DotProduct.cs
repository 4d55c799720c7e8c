using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// Vectorised dot products of a filter row with windows of the signal. Row lengths are multiples of <see cref="RowMultiple"/>. <see cref="One"/> and
/// <see cref="Four"/> add in the same order, so their results are equal to the bit.
/// </summary>
internal static class DotProduct
{
    /// <summary>Two vectors, so that two sums run independently.</summary>
    public static int RowMultiple => 2 * Vector<float>.Count;

    /// <summary>The dot product of the row with the window at the start of <paramref name="signal"/>.</summary>
    public static float One(ReadOnlySpan<float> row, ReadOnlySpan<float> signal)
    {
        _ = signal[row.Length - 1];
        ref float h = ref MemoryMarshal.GetReference(row);
        ref float x = ref MemoryMarshal.GetReference(signal);
        nuint width = (nuint)Vector<float>.Count;
        Vector<float> even = default, odd = default;
        for (nuint i = 0; i < (nuint)row.Length; i += 2 * width)
        {
            even = Step(even, ref h, ref x, i);
            odd = Step(odd, ref h, ref x, i + width);
        }
        return Vector.Sum(even + odd);
    }

    /// <summary>
    /// The dot products of the row with the four windows that begin <paramref name="hop"/> samples apart, written
    /// <paramref name="stride"/> apart: each coefficient is loaded once for four outputs.
    /// </summary>
    public static void Four(ReadOnlySpan<float> row, ReadOnlySpan<float> signal, int hop, Span<float> output, int stride)
    {
        _ = signal[3 * hop + row.Length - 1];
        ref float h = ref MemoryMarshal.GetReference(row);
        ref float a = ref MemoryMarshal.GetReference(signal);
        ref float b = ref Unsafe.Add(ref a, hop);
        ref float c = ref Unsafe.Add(ref a, 2 * hop);
        ref float d = ref Unsafe.Add(ref a, 3 * hop);
        nuint width = (nuint)Vector<float>.Count;
        Vector<float> evenA = default, evenB = default, evenC = default, evenD = default;
        Vector<float> oddA = default, oddB = default, oddC = default, oddD = default;
        for (nuint i = 0; i < (nuint)row.Length; i += 2 * width)
        {
            evenA = Step(evenA, ref h, ref a, i);
            evenB = Step(evenB, ref h, ref b, i);
            evenC = Step(evenC, ref h, ref c, i);
            evenD = Step(evenD, ref h, ref d, i);
            oddA = Step(oddA, ref h, ref a, i + width);
            oddB = Step(oddB, ref h, ref b, i + width);
            oddC = Step(oddC, ref h, ref c, i + width);
            oddD = Step(oddD, ref h, ref d, i + width);
        }
        output[0] = Vector.Sum(evenA + oddA);
        output[stride] = Vector.Sum(evenB + oddB);
        output[2 * stride] = Vector.Sum(evenC + oddC);
        output[3 * stride] = Vector.Sum(evenD + oddD);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Step(Vector<float> sum, ref float h, ref float x, nuint i)
        => Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref h, i), Vector.LoadUnsafe(ref x, i), sum);
}
