using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>A direction as a server keeps it: float32 values and a checksum, little-endian.</summary>
internal static class StoredVector
{
    internal static byte[] ToBytes(ReadOnlySpan<float> direction)
    {
        ReadOnlySpan<byte> values = MemoryMarshal.AsBytes(direction);
        var bytes = new byte[values.Length + sizeof(uint)];
        values.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(values.Length), BlockChecksum.Of(values));
        return bytes;
    }

    /// <summary>Null if the bytes are damaged, or are not of this length.</summary>
    internal static float[]? TryRead(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length != length * sizeof(float) + sizeof(uint))
            return null;
        ReadOnlySpan<byte> values = bytes[..^sizeof(uint)];
        return BlockChecksum.Of(values) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[values.Length..])
            ? MemoryMarshal.Cast<byte, float>(values).ToArray()
            : null;
    }
}
