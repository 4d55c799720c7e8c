using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>Directions (layer-normed vectors of length 1) as rows of a segment.</summary>
internal static class VectorCode
{
    private const int Largest = 127;

    /// <summary>What the low 8 bits are worth in units of the high 8 bits: 1/256.</summary>
    private const int RefinementSteps = 256;

    /// <summary>Writes a direction into rows that are zero.</summary>
    /// <returns>The scale: the value that 1 in the high 8 bits stands for.</returns>
    internal static float Encode(CatalogPrecision precision, ReadOnlySpan<float> direction, Span<byte> vector, Span<byte> refinement)
    {
        if (precision == CatalogPrecision.Single)
        {
            direction.CopyTo(MemoryMarshal.Cast<byte, float>(vector));
            return 1;
        }
        float peak = 0;
        foreach (float value in direction)
            peak = Math.Max(peak, Math.Abs(value));
        float scale = peak / Largest;
        for (int i = 0; i < direction.Length && scale > 0; i++)
        {
            int steps = Math.Clamp((int)Math.Round((double)direction[i] / scale * RefinementSteps), -Largest * RefinementSteps,
                Largest * RefinementSteps);
            int high = (steps + RefinementSteps / 2) >> 8;
            vector[i] = (byte)high;
            refinement[i] = (byte)(steps - high * RefinementSteps);
        }
        return scale;
    }

    /// <summary>The direction that a row stands for.</summary>
    internal static void Decode(CatalogPrecision precision, ReadOnlySpan<byte> vector, ReadOnlySpan<byte> refinement, float scale,
        Span<float> direction)
    {
        if (precision == CatalogPrecision.Single)
        {
            MemoryMarshal.Cast<byte, float>(vector)[..direction.Length].CopyTo(direction);
            return;
        }
        float step = scale / RefinementSteps;
        for (int i = 0; i < direction.Length; i++)
            direction[i] = step * ((sbyte)vector[i] * RefinementSteps + (sbyte)refinement[i]);
    }

    /// <summary>
    /// A direction in 16-bit values, so coarse that its products with 8-bit values sum up within 32 bits; zeros fill it up to
    /// <paramref name="length"/>.
    /// </summary>
    internal static short[] Quantise(ReadOnlySpan<float> direction, int length, out float scale)
    {
        const float largest = short.MaxValue, largestSum = int.MaxValue / (Largest + 1) - (1 << 21);
        float peak = 0, sum = 0;
        foreach (float value in direction)
        {
            peak = Math.Max(peak, Math.Abs(value));
            sum += Math.Abs(value);
        }
        scale = Math.Max(peak / largest, sum / largestSum);
        var values = new short[length];
        for (int i = 0; i < direction.Length && scale > 0; i++)
            values[i] = (short)Math.Round(direction[i] / scale);
        return values;
    }
}
