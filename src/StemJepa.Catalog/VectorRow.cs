using System.Numerics;

namespace StemJepa;

/// <summary>One row of a file of vectors, with its padding.</summary>
internal sealed record VectorRow(byte[] Vector, byte[] Refinement, float Scale)
{
    /// <summary>Encodes a direction.</summary>
    internal static VectorRow Of(CatalogPrecision precision, VectorLayout layout, ReadOnlySpan<float> direction)
    {
        byte[] vector = new byte[layout.Stride], refinement = new byte[layout.RefinementBytes];
        float scale = VectorCode.Encode(precision, direction, vector, refinement);
        return new VectorRow(vector, refinement, scale);
    }

    /// <summary>What the database keeps to recognise it by: above, what searches read; below, the refinement.</summary>
    internal ulong Checksum => (ulong)CoarseChecksum(Vector, Scale) << 32 | BlockChecksum.Of(Refinement);

    internal static uint CoarseChecksum(ReadOnlySpan<byte> vector, float scale) =>
        BitOperations.Crc32C(BlockChecksum.Of(vector), BitConverter.SingleToUInt32Bits(scale));
}
