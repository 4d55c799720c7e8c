using System.Numerics;

namespace StemJepa;

/// <summary>The column by which ids are found: hash and row in one number, ascending.</summary>
internal static class IdColumn
{
    internal static ulong Key(ReadOnlySpan<byte> id, int row) => (ulong)Hash(id) << 32 | (uint)row;

    internal static int RowOf(ulong key) => (int)(uint)key;

    private static uint Hash(ReadOnlySpan<byte> id)
    {
        uint hash = uint.MaxValue;
        foreach (byte value in id)
            hash = BitOperations.Crc32C(hash, value);
        return hash;
    }
}
