using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace StemJepa;

/// <summary>
/// Lays samples out for work across frames. Frames overlap, so what is laid out is hops: each sample is moved once, although two or three
/// frames cover it.
/// </summary>
internal static unsafe class HopTranspose
{
    private const int Tile = 4;

    /// <summary>
    /// Sample n goes to <paramref name="hops"/>[n mod 160 * <paramref name="count"/> + n / 160]; zeros where the samples end before
    /// <paramref name="count"/> hops are full.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Split(ReadOnlySpan<float> samples, float* hops, int count)
    {
        int hop = 0;
        fixed (float* source = samples)
        {
            if (Vector128.IsHardwareAccelerated)
                for (; hop + Tile <= Math.Min(count, samples.Length / FrontEndSettings.Hop); hop += Tile)
                    for (int n = 0; n < FrontEndSettings.Hop; n += Tile)
                        TransposeTile(source + hop * FrontEndSettings.Hop + n, hops + n * count + hop, count);
        }
        for (; hop < count; hop++)
        {
            int start = Math.Min(hop * FrontEndSettings.Hop, samples.Length);
            ReadOnlySpan<float> part = samples.Slice(start, Math.Min(FrontEndSettings.Hop, samples.Length - start));
            float* column = hops + hop;
            for (int n = 0; n < part.Length; n++)
                column[n * count] = part[n];
            for (int n = part.Length; n < FrontEndSettings.Hop; n++)
                column[n * count] = 0;
        }
    }

    /// <summary>Four samples of four hops to four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeTile(float* source, float* destination, int stride)
    {
        Vector128<float> hop0 = Vector128.Load(source);
        Vector128<float> hop1 = Vector128.Load(source + FrontEndSettings.Hop);
        Vector128<float> hop2 = Vector128.Load(source + 2 * FrontEndSettings.Hop);
        Vector128<float> hop3 = Vector128.Load(source + 3 * FrontEndSettings.Hop);

        Vector128<float> low02 = ZipLow(hop0, hop2), high02 = ZipHigh(hop0, hop2);
        Vector128<float> low13 = ZipLow(hop1, hop3), high13 = ZipHigh(hop1, hop3);
        ZipLow(low02, low13).Store(destination);
        ZipHigh(low02, low13).Store(destination + stride);
        ZipLow(high02, high13).Store(destination + 2 * stride);
        ZipHigh(high02, high13).Store(destination + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> even, Vector128<float> odd) =>
        Sse.IsSupported ? Sse.UnpackLow(even, odd)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(even, odd)
        : Vector128.Create(even[0], odd[0], even[1], odd[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> even, Vector128<float> odd) =>
        Sse.IsSupported ? Sse.UnpackHigh(even, odd)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(even, odd)
        : Vector128.Create(even[2], odd[2], even[3], odd[3]);
}
