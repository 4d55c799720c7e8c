using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Runtime.Intrinsics;

namespace StemJepa;

/// <summary>
/// Vectorised filtering of one or several stretches of a signal with four rows of coefficients at once, so that each load serves several
/// multiplications. Every output is summed in the same order by both, so they are equal to the bit.
/// </summary>
internal static class FilterKernel
{
    /// <summary>Rows that are filtered together.</summary>
    public const int Rows = 4;

    /// <summary>Stretches that <see cref="Many"/> filters together.</summary>
    public const int Stretches = 3;

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

    /// <summary>
    /// As <see cref="One"/>, for <see cref="Stretches"/> stretches of the signal, <paramref name="apart"/> samples from each other, under
    /// the same rows: the table is larger than the first cache, and is then read once for all of them.
    /// </summary>
    /// <param name="table">Where the rows are.</param>
    /// <param name="starts">Where each of the four rows begins in the table.</param>
    /// <param name="span">Coefficients a row.</param>
    /// <param name="signal">The first stretch, and the others behind it.</param>
    /// <param name="apart">Samples from the beginning of one stretch to that of the next.</param>
    /// <param name="output">Four results for the first stretch, and those of the others behind them.</param>
    /// <param name="outputApart">Samples from the results of one stretch to those of the next.</param>
    public static void Many(ReadOnlySpan<float> table, in RowStarts starts, int span, ReadOnlySpan<float> signal, int apart,
        Span<float> output, int outputApart)
    {
        ref float x = ref MemoryMarshal.GetReference(signal[..span]);
        ref float y = ref MemoryMarshal.GetReference(signal.Slice(apart, span));
        ref float z = ref MemoryMarshal.GetReference(signal.Slice(2 * apart, span));
        ref float h0 = ref Row(table, starts[0], span);
        ref float h1 = ref Row(table, starts[1], span);
        ref float h2 = ref Row(table, starts[2], span);
        ref float h3 = ref Row(table, starts[3], span);
        Vector<float> x0 = default, x1 = default, x2 = default, x3 = default;
        Vector<float> y0 = default, y1 = default, y2 = default, y3 = default;
        Vector<float> z0 = default, z1 = default, z2 = default, z3 = default;
        for (nuint i = 0; i < (nuint)span; i += (nuint)Vector<float>.Count)
        {
            Vector<float> xs = Vector.LoadUnsafe(ref x, i), ys = Vector.LoadUnsafe(ref y, i), zs = Vector.LoadUnsafe(ref z, i);
            Vector<float> row = Vector.LoadUnsafe(ref h0, i);
            x0 = Vector.MultiplyAddEstimate(row, xs, x0);
            y0 = Vector.MultiplyAddEstimate(row, ys, y0);
            z0 = Vector.MultiplyAddEstimate(row, zs, z0);
            row = Vector.LoadUnsafe(ref h1, i);
            x1 = Vector.MultiplyAddEstimate(row, xs, x1);
            y1 = Vector.MultiplyAddEstimate(row, ys, y1);
            z1 = Vector.MultiplyAddEstimate(row, zs, z1);
            row = Vector.LoadUnsafe(ref h2, i);
            x2 = Vector.MultiplyAddEstimate(row, xs, x2);
            y2 = Vector.MultiplyAddEstimate(row, ys, y2);
            z2 = Vector.MultiplyAddEstimate(row, zs, z2);
            row = Vector.LoadUnsafe(ref h3, i);
            x3 = Vector.MultiplyAddEstimate(row, xs, x3);
            y3 = Vector.MultiplyAddEstimate(row, ys, y3);
            z3 = Vector.MultiplyAddEstimate(row, zs, z3);
        }
        Store(output, x0, x1, x2, x3);
        Store(output[outputApart..], y0, y1, y2, y3);
        Store(output[(2 * outputApart)..], z0, z1, z2, z3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float Row(ReadOnlySpan<float> table, int start, int span)
        => ref MemoryMarshal.GetReference(table.Slice(start, span));

    /// <summary>Writes the sums over the lanes of four vectors, by halves: lanes far apart first, as one vector of four sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Span<float> output, Vector<float> sum0, Vector<float> sum1, Vector<float> sum2, Vector<float> sum3)
    {
        if (Vector<float>.Count == Vector256<float>.Count && Avx.IsSupported)
        {
            Vector256<float> pairs = Avx.HorizontalAdd(
                Avx.HorizontalAdd(sum0.AsVector256(), sum1.AsVector256()), Avx.HorizontalAdd(sum2.AsVector256(), sum3.AsVector256()));
            (pairs.GetLower() + pairs.GetUpper()).CopyTo(output);
            return;
        }
        output[3] = Vector.Sum(sum3);
        output[2] = Vector.Sum(sum2);
        output[1] = Vector.Sum(sum1);
        output[0] = Vector.Sum(sum0);
    }
}

/// <summary>Where each of the rows that <see cref="FilterKernel"/> filters together begins in its table.</summary>
[InlineArray(FilterKernel.Rows)]
internal struct RowStarts
{
    private int _first;
}
