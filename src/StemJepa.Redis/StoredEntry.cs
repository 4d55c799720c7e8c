using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>What a server keeps of one recording beside its vector. Immutable.</summary>
/// <remarks>
/// A version, whether it is in a vector set, the number of the write that its vector is named by, the record, the texts, a checksum;
/// little-endian.
/// </remarks>
internal sealed class StoredEntry
{
    private const byte Version = 2;
    private const int RecordStart = 2 + sizeof(ulong), TextStart = RecordStart + EntryRecord.Bytes;

    private readonly EntryRecord _record;
    private readonly ReadOnlyMemory<byte> _text;

    private StoredEntry(ElementName element, bool isListed, EntryRecord record, ReadOnlyMemory<byte> text) =>
        (Element, IsListed, _record, _text) = (element, isListed, record, text);

    /// <summary>Names its vector.</summary>
    internal ElementName Element { get; }

    /// <summary>
    /// Whether a vector set has it: silent recordings, and embeddings that are constant and have no direction, would only be in the way
    /// there.
    /// </summary>
    internal bool IsListed { get; }

    /// <summary>Which vector set, see <see cref="CatalogKeys.KindOf"/>.</summary>
    internal int Kind => _record.Stem < 0 ? CatalogKeys.UnknownKind
        : _record.Stem == EntryRecord.Named ? CatalogKeys.MoreKind : _record.Stem;

    internal int Bytes => TextStart + _text.Length + sizeof(uint);

    internal ref readonly EntryRecord Record => ref _record;

    /// <summary>Checks an entry, which gets a new name for its vector.</summary>
    /// <exception cref="ArgumentException">A member is out of its range.</exception>
    internal static StoredEntry New(CatalogEntry entry, ReadOnlySpan<float> direction)
    {
        (EntryRecord record, byte[] text) = EntryCode.Encode(entry);
        RecordingKey key = RecordingKey.Of(EntryCode.Id(record, text));
        return new StoredEntry(ElementName.New(key), !entry.IsSilent && direction.ContainsAnyExcept(0), record, text);
    }

    internal byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        bytes[0] = Version;
        bytes[1] = IsListed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(2), Element.Write);
        MemoryMarshal.Write(bytes.AsSpan(RecordStart), in _record);
        _text.Span.CopyTo(bytes.AsSpan(TextStart));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - sizeof(uint)),
            BlockChecksum.Of(bytes.AsSpan(0, bytes.Length - sizeof(uint))));
        return bytes;
    }

    /// <summary>Null if the bytes are damaged, or are of another recording.</summary>
    internal static StoredEntry? TryRead(RecordingKey key, byte[] bytes)
    {
        if (bytes.Length < TextStart + sizeof(uint) || bytes[0] != Version || bytes[1] > 1)
            return null;
        int end = bytes.Length - sizeof(uint);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(end)) != BlockChecksum.Of(bytes.AsSpan(0, end)))
            return null;
        EntryRecord record = MemoryMarshal.Read<EntryRecord>(bytes.AsSpan(RecordStart));
        ReadOnlyMemory<byte> text = bytes.AsMemory(TextStart, end - TextStart);
        bool fits = record.IdBytes > 0 && record.PathBytes >= -1 && record.TagsBytes >= 0 && record.InstrumentBytes >= -1
            && record.StemsBytes >= 0 && text.Length == (long)record.IdBytes + Math.Max(record.PathBytes, 0) + record.TagsBytes
            + Math.Max(record.InstrumentBytes, 0) + record.StemsBytes
            && IsStem(record.Stem) && IsStem(record.NamedStem) && IsStem(record.DetectedStem)
            && IsKey(record.Key) && IsKey(record.NamedKey) && IsKey(record.DetectedKey)
            && EntryCode.TryReadStems(record, text.Span) is not null
            && RecordingKey.Of(EntryCode.Id(record, text.Span)) == key;
        return fits ? new StoredEntry(new ElementName(key, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(2))), bytes[1] == 1, record,
            text) : null;
    }

    private static bool IsStem(sbyte stem) => stem is >= EntryRecord.Unknown and <= EntryRecord.Named;

    private static bool IsKey(sbyte key) => key is >= -1 and < MusicalKey.Count;

    internal bool Passes(RowFilter filter) => filter.Accepts(_record, _text.Span);

    internal Stem? Stem => EntryCode.TryReadStems(_record, _text.Span)![0];

    internal CatalogEntry ToEntry() => EntryCode.Decode(_record, _text.Span);
}
