using NWaves.Windows;

namespace StemJepa;

/// <summary>
/// Index maps and factors of the 400-point real transform as 16 x 25 (Good and Thomas: the lengths share no factor, so no twiddles stand
/// between the two stages). Sample n = 25 a + 16 b mod 400 enters column b of the 16-point stage at place a; bin k leaves at
/// (k mod 16, k mod 25). Real input leaves 9 of the 16 rows, of which rows 0 and 8 are real and travel as one complex row.
/// </summary>
internal static class TransformTables
{
    public const int Rows = 16;
    public const int Columns = 25;

    /// <summary>Sample of the frame that enters column b at place a, at [16 b + a].</summary>
    public static readonly int[] Samples = BuildSamples();

    /// <summary>The periodic Hann window in the order of <see cref="Samples"/>.</summary>
    public static readonly float[] HannWindow = BuildWindow();

    /// <summary>Bin (0..200) of row r (0..8) and position c of the 25-point stage, at [25 r + c].</summary>
    public static readonly int[] Bins = BuildBins();

    /// <summary>exp(-2 pi i j k / 25) for j, k in 1..4, real and imaginary part in turn, at [8 (j - 1) + 2 (k - 1)].</summary>
    public static readonly float[] Twiddles = BuildTwiddles();

    private static int[] BuildSamples()
    {
        var samples = new int[FrontEndSettings.FftSize];
        for (int b = 0; b < Columns; b++)
            for (int a = 0; a < Rows; a++)
                samples[Rows * b + a] = (Columns * a + Rows * b) % FrontEndSettings.FftSize;
        return samples;
    }

    /// <summary>NWaves' Hann window is symmetric; without its last sample, one of 401 samples is the periodic one of 400.</summary>
    private static float[] BuildWindow()
    {
        float[] symmetric = Window.OfType(WindowType.Hann, FrontEndSettings.FftSize + 1);
        return Array.ConvertAll(Samples, n => symmetric[n]);
    }

    private static int[] BuildBins()
    {
        var bins = new int[(Rows / 2 + 1) * Columns];
        for (int k = 0; k < FrontEndSettings.FftSize; k++)
            if (k % Rows <= Rows / 2)
                bins[Columns * (k % Rows) + k % Columns] = Math.Min(k, FrontEndSettings.FftSize - k);
        return bins;
    }

    private static float[] BuildTwiddles()
    {
        var twiddles = new float[32];
        for (int j = 1; j < 5; j++)
            for (int k = 1; k < 5; k++)
            {
                (double sin, double cos) = Math.SinCos(-2 * Math.PI * j * k / Columns);
                twiddles[8 * (j - 1) + 2 * (k - 1)] = (float)cos;
                twiddles[8 * (j - 1) + 2 * (k - 1) + 1] = (float)sin;
            }
        return twiddles;
    }
}
