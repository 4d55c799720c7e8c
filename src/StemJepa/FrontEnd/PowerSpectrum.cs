using System.Runtime.CompilerServices;

namespace StemJepa;

/// <summary>
/// Windowed 400-point power spectra of as many frames as <typeparamref name="TLanes"/> has lanes. Every array is [position][lane], and no
/// lane sees another, so a frame's result does not depend on which frames it is computed with. The hot methods ask to be optimised at
/// once: a tool that analyses one recording would end before the runtime found out that they are hot.
/// </summary>
internal static unsafe class PowerSpectrum<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Floats of working memory that <see cref="Transform"/> needs: 8 complex rows of 25.</summary>
    public static int WorkLength => 2 * 8 * TransformTables.Columns * TLanes.Count;

    /// <summary>Hops that the frames of all lanes span: each frame covers two and a half, and begins one after the frame before.</summary>
    public static int Hops => TLanes.Count + (FrontEndSettings.FftSize - 1) / FrontEndSettings.Hop;

    /// <summary>Where the sample of the same place in <see cref="TransformTables.Samples"/> stands, for lane 0.</summary>
    private static readonly int[] Offsets =
        Array.ConvertAll(TransformTables.Samples, n => n % FrontEndSettings.Hop * Hops + n / FrontEndSettings.Hop);

    /// <summary>Writes the 201 bins of each frame to <paramref name="power"/>.</summary>
    /// <param name="hops">The samples, [160][<see cref="Hops"/>]: sample n of the frame in lane i at [n mod 160][n / 160 + i].</param>
    /// <param name="work">Working memory of <see cref="WorkLength"/>.</param>
    /// <param name="power">The power spectra, [201][lanes].</param>
    public static void Transform(float* hops, float* work, float* power)
    {
        int row = 2 * TransformTables.Columns * TLanes.Count;
        fixed (int* offsets = Offsets, bins = TransformTables.Bins)
        fixed (float* window = TransformTables.HannWindow, twiddles = TransformTables.Twiddles)
        {
            for (int column = 0; column < TransformTables.Columns; column++)
            {
                int first = TransformTables.Rows * column;
                Dft16Real(hops, offsets + first, window + first, work + 2 * column * TLanes.Count, row);
            }
            Dft25(work, twiddles);
            SeparateRealRows(work, bins, power);
            for (int k = 1; k < TransformTables.Rows / 2; k++)
            {
                Dft25(work + k * row, twiddles);
                StorePower(work + k * row, bins + TransformTables.Columns * k, power);
            }
        }
    }

    /// <summary>One column of the first stage: 16 real samples to rows 0 and 8 (as one complex number) and 1 to 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dft16Real(float* hops, int* offsets, float* window, float* output, int row)
    {
        TLanes half = TLanes.Broadcast(0.70710678118654752f);
        TLanes cos = TLanes.Broadcast(0.92387953251128676f);
        TLanes sin = TLanes.Broadcast(0.38268343236508977f);

        Butterfly(hops, offsets, window, 0, out TLanes b0, out TLanes d0);
        Butterfly(hops, offsets, window, 4, out TLanes b4, out TLanes d4);
        Butterfly(hops, offsets, window, 2, out TLanes b2, out TLanes d2);
        Butterfly(hops, offsets, window, 6, out TLanes b6, out TLanes d6);
        Butterfly(hops, offsets, window, 1, out TLanes b1, out TLanes d1);
        Butterfly(hops, offsets, window, 7, out TLanes b7, out TLanes d7);
        Butterfly(hops, offsets, window, 3, out TLanes b3, out TLanes d3);
        Butterfly(hops, offsets, window, 5, out TLanes b5, out TLanes d5);

        TLanes c0 = b0 + b4, c1 = b1 + b5, c2 = b2 + b6, c3 = b3 + b7;
        StoreComplex(output, c0 + c2 + (c1 + c3), c0 + c2 - (c1 + c3));
        StoreComplex(output + 4 * row, c0 - c2, c3 - c1);

        TLanes e0 = b0 - b4, e1 = b1 - b5, e2 = b2 - b6, e3 = b3 - b7;
        TLanes difference = half * (e1 - e3), sum = half * (e1 + e3);
        StoreComplex(output + 2 * row, e0 + difference, TLanes.Broadcast(0) - (sum + e2));
        StoreComplex(output + 6 * row, e0 - difference, e2 - sum);

        TLanes p1 = d1 - d7, p2 = half * (d2 - d6), p3 = d3 - d5;
        TLanes q1 = d1 + d7, q2 = half * (d2 + d6), q3 = d3 + d5;
        TLanes outerReal = TLanes.MultiplyAdd(cos, p1, sin * p3), outerImaginary = TLanes.MultiplyAdd(sin, q1, cos * q3);
        StoreComplex(output + row, d0 + p2 + outerReal, TLanes.Broadcast(0) - (q2 + d4 + outerImaginary));
        StoreComplex(output + 7 * row, d0 + p2 - outerReal, q2 + d4 - outerImaginary);

        TLanes innerReal = sin * p1 - cos * p3, innerImaginary = cos * q1 - sin * q3;
        StoreComplex(output + 3 * row, d0 - p2 + innerReal, d4 - q2 - innerImaginary);
        StoreComplex(output + 5 * row, d0 - p2 - innerReal, q2 - d4 - innerImaginary);
    }

    /// <summary>Sum and difference of the windowed samples at places <paramref name="place"/> and 8 further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Butterfly(float* hops, int* offsets, float* window, int place, out TLanes sum, out TLanes difference)
    {
        TLanes near = TLanes.Load(hops + offsets[place]) * TLanes.Broadcast(window[place]);
        TLanes far = TLanes.Load(hops + offsets[place + 8]) * TLanes.Broadcast(window[place + 8]);
        sum = near + far;
        difference = near - far;
    }

    /// <summary>25-point complex transform in place, as 5 x 5; bin k ends at position 5 (k mod 5) + k / 5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dft25(float* row, float* twiddles)
    {
        int complex = 2 * TLanes.Count;
        Dft5(row, 5 * complex, null);
        for (int j = 1; j < 5; j++)
            Dft5(row + j * complex, 5 * complex, twiddles + 8 * (j - 1));
        for (int k = 0; k < 5; k++)
            Dft5(row + 5 * k * complex, complex, null);
    }

    /// <summary>
    /// 5-point complex transform in place of numbers <paramref name="step"/> floats apart; bins 1 to 4 are then multiplied by the
    /// <paramref name="twiddles"/>, if any.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dft5(float* data, int step, float* twiddles)
    {
        TLanes cos1 = TLanes.Broadcast(0.30901699437494742f), cos2 = TLanes.Broadcast(-0.80901699437494742f);
        TLanes sin1 = TLanes.Broadcast(0.95105651629515357f), sin2 = TLanes.Broadcast(0.58778525229247313f);

        LoadComplex(data, out TLanes r0, out TLanes i0);
        LoadComplex(data + step, out TLanes r1, out TLanes i1);
        LoadComplex(data + 4 * step, out TLanes r4, out TLanes i4);
        LoadComplex(data + 2 * step, out TLanes r2, out TLanes i2);
        LoadComplex(data + 3 * step, out TLanes r3, out TLanes i3);

        TLanes sumR1 = r1 + r4, sumI1 = i1 + i4, sumR2 = r2 + r3, sumI2 = i2 + i3;
        StoreComplex(data, r0 + sumR1 + sumR2, i0 + sumI1 + sumI2);
        TLanes differenceR1 = r1 - r4, differenceI1 = i1 - i4, differenceR2 = r2 - r3, differenceI2 = i2 - i3;

        TLanes evenR = TLanes.MultiplyAdd(cos1, sumR1, TLanes.MultiplyAdd(cos2, sumR2, r0));
        TLanes evenI = TLanes.MultiplyAdd(cos1, sumI1, TLanes.MultiplyAdd(cos2, sumI2, i0));
        TLanes oddR = TLanes.MultiplyAdd(sin1, differenceR1, sin2 * differenceR2);
        TLanes oddI = TLanes.MultiplyAdd(sin1, differenceI1, sin2 * differenceI2);
        StoreRotated(data + step, evenR + oddI, evenI - oddR, twiddles, 0);
        StoreRotated(data + 4 * step, evenR - oddI, evenI + oddR, twiddles, 6);

        evenR = TLanes.MultiplyAdd(cos2, sumR1, TLanes.MultiplyAdd(cos1, sumR2, r0));
        evenI = TLanes.MultiplyAdd(cos2, sumI1, TLanes.MultiplyAdd(cos1, sumI2, i0));
        oddR = sin2 * differenceR1 - sin1 * differenceR2;
        oddI = sin2 * differenceI1 - sin1 * differenceI2;
        StoreRotated(data + 2 * step, evenR + oddI, evenI - oddR, twiddles, 2);
        StoreRotated(data + 3 * step, evenR - oddI, evenI + oddR, twiddles, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRotated(float* destination, TLanes real, TLanes imaginary, float* twiddles, int index)
    {
        if (twiddles != null)
        {
            TLanes cos = TLanes.Broadcast(twiddles[index]), sin = TLanes.Broadcast(twiddles[index + 1]);
            TLanes rotated = real * cos - imaginary * sin;
            imaginary = TLanes.MultiplyAdd(real, sin, imaginary * cos);
            real = rotated;
        }
        StoreComplex(destination, real, imaginary);
    }

    /// <summary>Powers of rows 0 and 8, whose real columns went through the second stage as real and imaginary parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SeparateRealRows(float* row, int* bins, float* power)
    {
        TLanes quarter = TLanes.Broadcast(0.25f);
        for (int k = 0; k <= TransformTables.Columns / 2; k++)
        {
            int mirror = (TransformTables.Columns - k) % TransformTables.Columns;
            LoadComplex(row + Position(k), out TLanes real, out TLanes imaginary);
            LoadComplex(row + Position(mirror), out TLanes mirrorReal, out TLanes mirrorImaginary);
            Power(real + mirrorReal, imaginary - mirrorImaginary, quarter).Store(power + bins[k] * TLanes.Count);
            Power(real - mirrorReal, imaginary + mirrorImaginary, quarter)
                .Store(power + bins[TransformTables.Rows / 2 * TransformTables.Columns + k] * TLanes.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StorePower(float* row, int* bins, float* power)
    {
        for (int k = 0; k < TransformTables.Columns; k++)
        {
            LoadComplex(row + Position(k), out TLanes real, out TLanes imaginary);
            TLanes.MultiplyAdd(real, real, imaginary * imaginary).Store(power + bins[k] * TLanes.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Power(TLanes real, TLanes imaginary, TLanes scale) =>
        scale * TLanes.MultiplyAdd(real, real, imaginary * imaginary);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Position(int bin) => (5 * (bin % 5) + bin / 5) * 2 * TLanes.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadComplex(float* source, out TLanes real, out TLanes imaginary)
    {
        real = TLanes.Load(source);
        imaginary = TLanes.Load(source + TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreComplex(float* destination, TLanes real, TLanes imaginary)
    {
        real.Store(destination);
        imaginary.Store(destination + TLanes.Count);
    }
}
