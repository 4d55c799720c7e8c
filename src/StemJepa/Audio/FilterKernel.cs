using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// Vectorised filtering of one or two stretches of a signal with four rows of coefficients at once, so that each load serves several
/// multiplications. Every output is summed in the same order by both, so they are equal to the bit.
/// </summary>
internal static class FilterKernel
{
    /// <summary>Rows that are filtered together.</summary>
    public const int Rows = 4;

    /// <summary>Row lengths are multiples of this.</summary>
    public static int RowMultiple => Vector<float>.Count;

    /// <summary>Writes the dot products of four rows of <paramref name="span"/> coefficients with the signal.</summary>
    /// <param name="table">Where the rows are.</param>
    /// <param name="starts">Where each of the four rows begins in the table.</param>
    /// <param name="span">Coefficients a row.</param>
    /// <param name="signal">At least <paramref name="span"/> samples.</param>
    /// <param name="output">Four results.</param>
    public static void One(ReadOnlySpan<float> table, in RowStarts starts, int span, ReadOnlySpan<float> signal, Span<float> output)
    {
        ref float x = ref MemoryMarshal.GetReference(signal[..span]);
        ref float h0 = ref Row(table, starts[0], span);
        ref float h1 = ref Row(table, starts[1], span);
        ref float h2 = ref Row(table, starts[2], span);
        ref float h3 = ref Row(table, starts[3], span);
        Vector<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (nuint i = 0; i < (nuint)span; i += (nuint)Vector<float>.Count)
        {
            Vector<float> sample = Vector.LoadUnsafe(ref x, i);
            sum0 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref h0, i), sample, sum0);
            sum1 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref h1, i), sample, sum1);
            sum2 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref h2, i), sample, sum2);
            sum3 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref h3, i), sample, sum3);
        }
        Store(output, sum0, sum1, sum2, sum3);
    }

    /// <summary>As <see cref="One"/>, for two stretches of the signal under the same rows.</summary>
    public static void Two(ReadOnlySpan<float> table, in RowStarts starts, int span,
        ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> firstOutput, Span<float> secondOutput)
    {
        ref float x = ref MemoryMarshal.GetReference(first[..span]);
        ref float y = ref MemoryMarshal.GetReference(second[..span]);
        ref float h0 = ref Row(table, starts[0], span);
        ref float h1 = ref Row(table, starts[1], span);
        ref float h2 = ref Row(table, starts[2], span);
        ref float h3 = ref Row(table, starts[3], span);
        Vector<float> x0 = default, x1 = default, x2 = default, x3 = default;
        Vector<float> y0 = default, y1 = default, y2 = default, y3 = default;
        for (nuint i = 0; i < (nuint)span; i += (nuint)Vector<float>.Count)
        {
            Vector<float> xs = Vector.LoadUnsafe(ref x, i);
            Vector<float> ys = Vector.LoadUnsafe(ref y, i);
            Vector<float> row = Vector.LoadUnsafe(ref h0, i);
            x0 = Vector.MultiplyAddEstimate(row, xs, x0);
            y0 = Vector.MultiplyAddEstimate(row, ys, y0);
            row = Vector.LoadUnsafe(ref h1, i);
            x1 = Vector.MultiplyAddEstimate(row, xs, x1);
            y1 = Vector.MultiplyAddEstimate(row, ys, y1);
            row = Vector.LoadUnsafe(ref h2, i);
            x2 = Vector.MultiplyAddEstimate(row, xs, x2);
            y2 = Vector.MultiplyAddEstimate(row, ys, y2);
            row = Vector.LoadUnsafe(ref h3, i);
            x3 = Vector.MultiplyAddEstimate(row, xs, x3);
            y3 = Vector.MultiplyAddEstimate(row, ys, y3);
        }
        Store(firstOutput, x0, x1, x2, x3);
        Store(secondOutput, y0, y1, y2, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float Row(ReadOnlySpan<float> table, int start, int span)
        => ref MemoryMarshal.GetReference(table.Slice(start, span));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Span<float> output, Vector<float> sum0, Vector<float> sum1, Vector<float> sum2, Vector<float> sum3)
    {
        output[3] = Vector.Sum(sum3);
        output[2] = Vector.Sum(sum2);
        output[1] = Vector.Sum(sum1);
        output[0] = Vector.Sum(sum0);
    }
}
