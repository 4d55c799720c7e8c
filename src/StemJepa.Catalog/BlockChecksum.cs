using System.Numerics;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// The checksum of one block of a segment: four CRC-32C over its quarters, so that they run side by side, and one over these four.
/// </summary>
internal static class BlockChecksum
{
    /// <summary>Bytes in a block; the last one of a file may have fewer.</summary>
    internal const int BlockBytes = 1 << 16;

    internal static uint Of(ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(block);
        int quarter = words.Length / 4;
        ReadOnlySpan<ulong> first = words[..quarter], second = words.Slice(quarter, quarter);
        ReadOnlySpan<ulong> third = words.Slice(2 * quarter, quarter), fourth = words.Slice(3 * quarter, quarter);
        uint a = 1, b = 2, c = 3, d = 4;
        for (int i = 0; i < quarter; i++)
        {
            a = BitOperations.Crc32C(a, first[i]);
            b = BitOperations.Crc32C(b, second[i]);
            c = BitOperations.Crc32C(c, third[i]);
            d = BitOperations.Crc32C(d, fourth[i]);
        }
        foreach (byte value in block[(4 * quarter * sizeof(ulong))..])
            d = BitOperations.Crc32C(d, value);
        uint all = BitOperations.Crc32C((uint)block.Length, a);
        all = BitOperations.Crc32C(all, b);
        all = BitOperations.Crc32C(all, c);
        return BitOperations.Crc32C(all, d);
    }
}
