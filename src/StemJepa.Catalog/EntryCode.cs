using System.Text;

namespace StemJepa;

/// <summary>Entries as records and texts. Texts are UTF-8; each tag ends with a zero byte.</summary>
internal static class EntryCode
{
    private const int MaximumTextBytes = 1 << 16;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Checks an entry and encodes it; <see cref="EntryRecord.TextStart"/> is left at 0.</summary>
    /// <exception cref="ArgumentException">A member is out of its range.</exception>
    internal static (EntryRecord Record, byte[] Text) Encode(CatalogEntry entry)
    {
        byte[] id = EncodeId(entry.Id);
        byte[] path = entry.Path is null ? [] : Encode(entry.Path, "path");
        byte[] tags = Encode(string.Concat(entry.Tags.Select(tag => tag is { Length: > 0 } && !tag.Contains('\0')
            ? tag + '\0'
            : throw new ArgumentException($"A tag of '{entry.Id}' is empty or has a zero character: give words.", nameof(entry)))), "tags");
        if (entry.Seconds is { } seconds && !(double.IsFinite(seconds) && seconds >= 0))
            throw new ArgumentException($"The length of '{entry.Id}' is {seconds} s: give 0 or more, or null.", nameof(entry));
        if (entry.Tempo is { } tempo && !(double.IsFinite(tempo) && tempo > 0))
            throw new ArgumentException($"The tempo of '{entry.Id}' is {tempo} beats per minute: give more than 0, or null.",
                nameof(entry));
        if (entry.Stem is { } stem && !Enum.IsDefined(stem))
            throw new ArgumentException(
                $"The stem of '{entry.Id}' is {stem}: give one of {string.Join(", ", ModelInfo.StemNames)}, or null.", nameof(entry));
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
            ParseHash(hash, entry.Id).CopyTo(record.Hash);
        }
        return (record, [.. id, .. path, .. tags]);
    }

    /// <summary>The bytes of an id.</summary>
    /// <exception cref="ArgumentException">It is empty or too long.</exception>
    internal static byte[] EncodeId(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Encode(id, "id");
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

    private static byte[] Encode(string text, string what)
    {
        byte[] bytes;
        try
        {
            bytes = Utf8.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException(
                $"The {what} '{text}' is not valid Unicode at character {error.Index}: give text without lone surrogates.", error);
        }
        return bytes.Length <= MaximumTextBytes
            ? bytes
            : throw new ArgumentException($"The {what} '{text[..40]}...' takes {bytes.Length} bytes: give at most {MaximumTextBytes}.");
    }

    private static byte[] ParseHash(string hash, string id)
    {
        if (hash.Length == 2 * EntryRecord.ContentHash.Size && hash.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(hash);
        throw new ArgumentException(
            $"The content hash of '{id}' is '{hash}': give a SHA-256 as {2 * EntryRecord.ContentHash.Size} hexadecimal digits.");
    }
}
