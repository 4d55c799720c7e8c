using System.Text;

namespace StemJepa;

/// <summary>Entries as records and texts. Texts are UTF-8; each tag ends with a zero byte.</summary>
internal static class EntryCode
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Checks an entry and encodes it; <see cref="EntryRecord.TextStart"/> is left at 0.</summary>
    /// <exception cref="ArgumentException">A member is out of its range.</exception>
    internal static (EntryRecord Record, byte[] Text) Encode(CatalogEntry entry)
    {
        EntryCheck.Require(entry);
        byte[] id = Utf8.GetBytes(entry.Id);
        byte[] path = entry.Path is null ? [] : Utf8.GetBytes(entry.Path);
        byte[] tags = Utf8.GetBytes(string.Concat(entry.Tags.Select(tag => tag + '\0')));
        var record = new EntryRecord
        {
            Seconds = entry.Seconds ?? double.NaN,
            Tempo = entry.Tempo ?? double.NaN,
            IdBytes = id.Length,
            PathBytes = entry.Path is null ? EntryRecord.Unknown : path.Length,
            TagsBytes = tags.Length,
            Stem = entry.Stem is { } known ? (sbyte)known : EntryRecord.Unknown,
            Key = entry.Key is { } key ? (sbyte)key.Number : EntryRecord.Unknown,
            Flags = entry.IsSilent ? EntryFlags.Silent : EntryFlags.None,
        };
        if (entry.ContentHash is { } hash)
        {
            record.Flags |= EntryFlags.HasHash;
            Convert.FromHexString(hash).CopyTo(record.Hash);
        }
        return (record, [.. id, .. path, .. tags]);
    }

    /// <summary>The bytes of an id.</summary>
    /// <exception cref="ArgumentException">It is empty or too long.</exception>
    internal static byte[] EncodeId(string id)
    {
        EntryCheck.RequireId(id);
        return Utf8.GetBytes(id);
    }

    internal static CatalogEntry Decode(in EntryRecord record, ReadOnlySpan<byte> text) => new()
    {
        Id = Utf8.GetString(Id(record, text)),
        Path = record.PathBytes < 0 ? null : Utf8.GetString(Path(record, text)),
        Tags = record.TagsBytes == 0 ? [] : Utf8.GetString(Tags(record, text)[..^1]).Split('\0'),
        Seconds = double.IsNaN(record.Seconds) ? null : record.Seconds,
        Tempo = double.IsNaN(record.Tempo) ? null : record.Tempo,
        Stem = record.Stem < 0 ? null : (Stem)record.Stem,
        Key = record.Key < 0 ? null : MusicalKey.FromNumber(record.Key),
        ContentHash = record.Flags.HasFlag(EntryFlags.HasHash) ? Convert.ToHexStringLower(record.Hash) : null,
        IsSilent = record.Flags.HasFlag(EntryFlags.Silent),
    };

    internal static ReadOnlySpan<byte> Id(in EntryRecord record, ReadOnlySpan<byte> text) => text[..record.IdBytes];

    internal static ReadOnlySpan<byte> Path(in EntryRecord record, ReadOnlySpan<byte> text) =>
        text.Slice(record.IdBytes, Math.Max(record.PathBytes, 0));

    internal static ReadOnlySpan<byte> Tags(in EntryRecord record, ReadOnlySpan<byte> text) =>
        text.Slice(record.IdBytes + Math.Max(record.PathBytes, 0), record.TagsBytes);
}
