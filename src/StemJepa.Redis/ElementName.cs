using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StemJepa;

/// <summary>
/// Names a vector of a recording. Every write takes a new name, so that what a vector stands for never changes: an entry and its vector
/// always belong together, whatever other writers do, and a vector that no entry names is dead.
/// </summary>
internal readonly record struct ElementName(RecordingKey Recording, ulong Write)
{
    internal const int Bytes = RecordingKey.Bytes + sizeof(ulong);

    internal static ElementName New(RecordingKey recording)
    {
        Span<byte> write = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(write);
        return new ElementName(recording, BinaryPrimitives.ReadUInt64BigEndian(write));
    }

    /// <summary>Null if the bytes are none.</summary>
    internal static ElementName? TryRead(ReadOnlySpan<byte> bytes) => bytes.Length == Bytes
        ? new ElementName(RecordingKey.Read(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[RecordingKey.Bytes..]))
        : null;

    internal byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        Recording.ToBytes().CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(RecordingKey.Bytes), Write);
        return bytes;
    }
}
