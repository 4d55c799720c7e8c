using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StemJepa;

/// <summary>What stands for an id on the servers: the first 128 bits of its SHA-256, so that ids may be any text of any length.</summary>
internal readonly record struct RecordingKey(UInt128 Value)
{
    internal const int Bytes = 16;

    internal int Bucket => (int)((ulong)Value % CatalogKeys.Buckets);

    internal static RecordingKey Of(ReadOnlySpan<byte> id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(id, hash);
        return Read(hash);
    }

    internal static RecordingKey Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    internal int ShardOf(int shards) => (int)((ulong)(Value >> 64) % (ulong)shards);

    internal byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    public override string ToString() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
