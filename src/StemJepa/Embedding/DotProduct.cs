using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StemJepa;

/// <summary>Dot products of equally long vectors, as fast as memory delivers them.</summary>
internal static class DotProduct
{
    /// <summary>Sums in four independent accumulators for each lane, so that additions do not wait for one another.</summary>
    public static float Compute(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(left);
        ReadOnlySpan<Vector<float>> b = MemoryMarshal.Cast<float, Vector<float>>(right)[..a.Length];
        Vector<float> sum0 = Vector<float>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        int i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            sum0 = Vector.MultiplyAddEstimate(a[i], b[i], sum0);
            sum1 = Vector.MultiplyAddEstimate(a[i + 1], b[i + 1], sum1);
            sum2 = Vector.MultiplyAddEstimate(a[i + 2], b[i + 2], sum2);
            sum3 = Vector.MultiplyAddEstimate(a[i + 3], b[i + 3], sum3);
        }
        for (; i < a.Length; i++)
            sum0 = Vector.MultiplyAddEstimate(a[i], b[i], sum0);
        float sum = Vector.Sum(sum0 + sum1 + (sum2 + sum3));
        for (int tail = a.Length * Vector<float>.Count; tail < left.Length; tail++)
            sum += left[tail] * right[tail];
        return sum;
    }

    /// <summary>The exact sum of products of 16-bit and 8-bit values; the caller ensures that it fits into 32 bits.</summary>
    public static int Compute(ReadOnlySpan<short> left, ReadOnlySpan<sbyte> right)
    {
        int i = 0, sum = 0;
        ref short a = ref MemoryMarshal.GetReference(left);
        ref sbyte b = ref MemoryMarshal.GetReference(right);
        if (Avx512BW.IsSupported)
        {
            Vector512<int> lanes = Vector512<int>.Zero;
            for (; i <= right.Length - Vector512<short>.Count; i += Vector512<short>.Count)
                lanes += Avx512BW.MultiplyAddAdjacent(Vector512.LoadUnsafe(ref a, (nuint)i),
                    Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref b, (nuint)i)));
            sum = Vector512.Sum(lanes);
        }
        else if (Avx2.IsSupported)
        {
            Vector256<int> lanes = Vector256<int>.Zero;
            for (; i <= right.Length - Vector256<short>.Count; i += Vector256<short>.Count)
                lanes += Avx2.MultiplyAddAdjacent(Vector256.LoadUnsafe(ref a, (nuint)i),
                    Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref b, (nuint)i)));
            sum = Vector256.Sum(lanes);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Vector128<int> lanes = Vector128<int>.Zero;
            for (; i <= right.Length - Vector128<short>.Count; i += Vector128<short>.Count)
            {
                Vector128<short> query = Vector128.LoadUnsafe(ref a, (nuint)i);
                Vector128<short> values = Vector128.WidenLower(Vector64.LoadUnsafe(ref b, (nuint)i).ToVector128());
                lanes += Vector128.WidenLower(query) * Vector128.WidenLower(values)
                    + Vector128.WidenUpper(query) * Vector128.WidenUpper(values);
            }
            sum = Vector128.Sum(lanes);
        }
        for (; i < right.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
