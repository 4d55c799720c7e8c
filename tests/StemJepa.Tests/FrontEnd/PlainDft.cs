using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>
/// The log-mel spectrogram straight from its formulas in double precision: explicit mirroring, the DFT sum, and the reference
/// implementation's filters. Shares no code with the library.
/// </summary>
internal static class PlainDft
{
    private const int Size = 400, Hop = 160, Bins = 201, Bands = 80;
    private static readonly float[] Filters = Golden.Npy("mel_filters.npy").Values;

    /// <summary>Band-major [80, 1 + length / 160], normalised as in the paper.</summary>
    public static float[] LogMel(float[] samples)
    {
        int frames = 1 + samples.Length / Hop;
        var result = new float[Bands * frames];
        for (int frame = 0; frame < frames; frame++)
        {
            double[] power = Power(samples, frame * Hop);
            for (int band = 0; band < Bands; band++)
            {
                double sum = 0;
                for (int bin = 0; bin < Bins; bin++)
                    sum += Filters[band * Bins + bin] * power[bin];
                result[band * frames + frame] = (float)((Math.Log(sum + 1.1920929e-7) + 9.453) / 3.569);
            }
        }
        return result;
    }

    private static double[] Power(float[] samples, int centre)
    {
        var windowed = new double[Size];
        for (int n = 0; n < Size; n++)
            windowed[n] = samples[Reflect(centre - Size / 2 + n, samples.Length)] * (0.5 - 0.5 * Math.Cos(2 * Math.PI * n / Size));
        var power = new double[Bins];
        for (int k = 0; k < Bins; k++)
        {
            double real = 0, imaginary = 0;
            for (int n = 0; n < Size; n++)
            {
                real += windowed[n] * Cos[n * k % Size];
                imaginary -= windowed[n] * Sin[n * k % Size];
            }
            power[k] = real * real + imaginary * imaginary;
        }
        return power;
    }

    private static readonly double[] Cos = Enumerable.Range(0, Size).Select(n => Math.Cos(2 * Math.PI * n / Size)).ToArray();
    private static readonly double[] Sin = Enumerable.Range(0, Size).Select(n => Math.Sin(2 * Math.PI * n / Size)).ToArray();

    private static int Reflect(int place, int length)
    {
        if (length == 1)
            return 0;
        while (place < 0 || place >= length)
            place = place < 0 ? -place : 2 * (length - 1) - place;
        return place;
    }
}
