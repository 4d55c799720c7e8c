using System.Numerics;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// A direction (layer-normed vector of length 1) as a row of bytes, and where its parts lie in a file of vectors: after the header, blocks
/// of <see cref="RowsPerBlock"/> rows, each a column of vectors, with int8 then a column of refinements and a column of scales. In memory a
/// row is its parts one after another.
/// </summary>
internal sealed class VectorLayout
{
    /// <summary>Bytes before the first block, so that blocks begin at a page.</summary>
    internal const int HeaderBytes = 4096;

    internal const int RowsPerBlock = 512, MaximumLength = 1 << 16;

    private const int Alignment = 64, Largest = 127;

    /// <summary>What the low 8 bits are worth in units of the high 8 bits: 1/256.</summary>
    private const int RefinementSteps = 256;

    private readonly int _length;

    /// <param name="precision">How values are kept.</param>
    /// <param name="length">Values in a vector, 1..<see cref="MaximumLength"/>.</param>
    internal VectorLayout(CatalogPrecision precision, int length)
    {
        (_length, IsInt8) = (length, precision == CatalogPrecision.Int8);
        Stride = (length * (IsInt8 ? sizeof(sbyte) : sizeof(float)) + Alignment - 1) / Alignment * Alignment;
        Parts = IsInt8 ? [(0, Stride), (Stride, Stride), (2 * Stride, sizeof(float))] : [(0, Stride)];
    }

    internal bool IsInt8 { get; }

    /// <summary>Bytes of a row's vector, padded with zeros.</summary>
    internal int Stride { get; }

    /// <summary>
    /// The vector; with int8 also the refinement, which is the low 8 bits of 16-bit values, and the scale, which is what 1 in the high 8
    /// bits stands for.
    /// </summary>
    internal (int Start, int Bytes)[] Parts { get; }

    /// <summary>Bytes of a row in memory.</summary>
    internal int RowBytes => Parts[^1].Start + Parts[^1].Bytes;

    /// <summary>Where a part of a row lies in the file.</summary>
    internal long Place(int row, int part) => HeaderBytes + row / RowsPerBlock * BlockBytes
        + (long)RowsPerBlock * Parts[part].Start + (long)(row % RowsPerBlock) * Parts[part].Bytes;

    /// <summary>Bytes of a file that has this many rows: whole blocks.</summary>
    internal long FileBytes(int rows) => HeaderBytes + Blocks(rows) * BlockBytes;

    internal static int Blocks(int rows) => (int)(((long)rows + RowsPerBlock - 1) / RowsPerBlock);

    internal byte[] Encode(ReadOnlySpan<float> direction)
    {
        byte[] row = new byte[RowBytes];
        if (!IsInt8)
        {
            direction.CopyTo(MemoryMarshal.Cast<byte, float>(row.AsSpan()));
            return row;
        }
        float scale = Peak(direction) / Largest;
        for (int i = 0; i < direction.Length && scale > 0; i++)
        {
            int steps = Math.Clamp((int)Math.Round((double)direction[i] / scale * RefinementSteps), -Largest * RefinementSteps,
                Largest * RefinementSteps);
            int high = (steps + RefinementSteps / 2) >> 8;
            row[i] = (byte)high;
            row[Stride + i] = (byte)(steps - high * RefinementSteps);
        }
        BitConverter.TryWriteBytes(row.AsSpan(2 * Stride), scale);
        return row;
    }

    internal float[] Decode(ReadOnlySpan<byte> row)
    {
        if (!IsInt8)
            return MemoryMarshal.Cast<byte, float>(row)[.._length].ToArray();
        var direction = new float[_length];
        float step = Scale(row) / RefinementSteps;
        for (int i = 0; i < direction.Length; i++)
            direction[i] = step * ((sbyte)row[i] * RefinementSteps + (sbyte)row[Stride + i]);
        return direction;
    }

    /// <summary>What the database keeps to recognise a row by: above, what searches read; below, the refinement.</summary>
    internal ulong Checksum(ReadOnlySpan<byte> row) =>
        (ulong)CoarseChecksum(row[..Stride], Scale(row)) << 32 | BlockChecksum.Of(IsInt8 ? row.Slice(Stride, Stride) : []);

    /// <summary>Of what searches read: the vector and the scale, which is 1 in <see cref="CatalogPrecision.Single"/>.</summary>
    internal static uint CoarseChecksum(ReadOnlySpan<byte> vector, float scale) =>
        BitOperations.Crc32C(BlockChecksum.Of(vector), BitConverter.SingleToUInt32Bits(scale));

    /// <summary>
    /// A direction in 16-bit values, so coarse that its products with 8-bit values sum up within 32 bits; zeros fill it up to
    /// <paramref name="length"/>.
    /// </summary>
    internal static (short[] Values, float Scale) Quantise(ReadOnlySpan<float> direction, int length)
    {
        const float largestSum = int.MaxValue / (Largest + 1) - (1 << 21);
        float sum = 0;
        foreach (float value in direction)
            sum += Math.Abs(value);
        float scale = Math.Max(Peak(direction) / short.MaxValue, sum / largestSum);
        var values = new short[length];
        for (int i = 0; i < direction.Length && scale > 0; i++)
            values[i] = (short)Math.Round(direction[i] / scale);
        return (values, scale);
    }

    private long BlockBytes => (long)RowsPerBlock * RowBytes;

    private float Scale(ReadOnlySpan<byte> row) => IsInt8 ? BitConverter.ToSingle(row[(2 * Stride)..]) : 1;

    private static float Peak(ReadOnlySpan<float> direction)
    {
        float peak = 0;
        foreach (float value in direction)
            peak = Math.Max(peak, Math.Abs(value));
        return peak;
    }
}
