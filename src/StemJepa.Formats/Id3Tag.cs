using System.Buffers.Binary;
using System.Text;

namespace StemJepa;

/// <summary>Key and tempo of an ID3v2 tag, versions 2.2 to 2.4: the frames TKEY and TBPM.</summary>
internal static class Id3Tag
{
    private const int HeaderBytes = 10, LongestText = 256;
    private const byte Unsynchronised = 0x80, Extended = 0x40;

    /// <param name="tag">The tag with its header, or as much as there is.</param>
    public static AudioTags Parse(ReadOnlySpan<byte> tag)
    {
        if (AudioContent.Id3Length(tag) is not { } length || tag[3] is < 2 or > 4)
            return new AudioTags();
        int version = tag[3], flags = tag[5];
        ReadOnlySpan<byte> frames = tag[HeaderBytes..Math.Min(tag.Length, length)];
        if (version < 4 && (flags & Unsynchronised) != 0)
            frames = Synchronise(frames);
        if (version > 2 && (flags & Extended) != 0 && frames.Length >= 4)
            frames = After(frames, version == 4 ? SafeSize(frames) : 4L + BinaryPrimitives.ReadUInt32BigEndian(frames));

        string? key = null, tempo = null;
        int head = version == 2 ? 6 : 10;
        while (frames.Length > head && frames[0] != 0)
        {
            long size = version switch
            {
                2 => frames[3] << 16 | frames[4] << 8 | frames[5],
                3 => BinaryPrimitives.ReadUInt32BigEndian(frames[4..]),
                _ => SafeSize(frames[4..]),
            };
            int format = version == 2 ? 0 : frames[9];
            ReadOnlySpan<byte> id = frames[..(version == 2 ? 3 : 4)];
            ReadOnlySpan<byte> content = frames[head..(int)Math.Min(frames.Length, head + size)];
            if (content.Length <= LongestText && IsPlain(version, format))
            {
                if (id.SequenceEqual("TKEY"u8) || id.SequenceEqual("TKE"u8))
                    key ??= Text(version == 4 && (format & 2) != 0 ? Synchronise(content) : content);
                else if (id.SequenceEqual("TBPM"u8) || id.SequenceEqual("TBP"u8))
                    tempo ??= Text(version == 4 && (format & 2) != 0 ? Synchronise(content) : content);
            }
            frames = After(frames, head + size);
        }
        return new AudioTags
        {
            Key = key is null ? null : TagReader.ParseKey(key), Tempo = tempo is null ? null : TagReader.ParseTempo(tempo),
        };
    }

    /// <summary>Whether a frame is neither compressed, encrypted nor grouped, and states no other length.</summary>
    private static bool IsPlain(int version, int format) => version switch
    {
        2 => true,
        3 => (format & 0xE0) == 0,
        _ => (format & 0x4D) == 0,
    };

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> bytes, long count) => bytes[(int)Math.Min(bytes.Length, count)..];

    /// <summary>Seven bits of each byte.</summary>
    private static long SafeSize(ReadOnlySpan<byte> size) =>
        (size[0] & 0x7F) << 21 | (size[1] & 0x7F) << 14 | (size[2] & 0x7F) << 7 | (size[3] & 0x7F);

    /// <summary>Takes away the zeros that were put behind bytes of ones.</summary>
    private static byte[] Synchronise(ReadOnlySpan<byte> bytes)
    {
        var result = new List<byte>(bytes.Length);
        for (int i = 0; i < bytes.Length; i++)
        {
            result.Add(bytes[i]);
            if (bytes[i] == 0xFF && i + 1 < bytes.Length && bytes[i + 1] == 0)
                i++;
        }
        return [.. result];
    }

    /// <summary>The first text of a frame.</summary>
    private static string Text(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return "";
        ReadOnlySpan<byte> text = content[1..];
        string decoded = content[0] switch
        {
            1 when text.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) => Encoding.BigEndianUnicode.GetString(text),
            1 => Encoding.Unicode.GetString(text),
            2 => Encoding.BigEndianUnicode.GetString(text),
            3 => Encoding.UTF8.GetString(text),
            _ => Encoding.Latin1.GetString(text),
        };
        return decoded.TrimStart('\uFEFF').Split('\0')[0];
    }
}
