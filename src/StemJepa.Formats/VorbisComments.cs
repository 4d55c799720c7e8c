using System.Buffers.Binary;
using System.Text;

namespace StemJepa;

/// <summary>Key and tempo of the comments that FLAC, Ogg Vorbis and Opus share: KEY or INITIALKEY, and BPM.</summary>
internal static class VorbisComments
{
    private const int LongestComment = 256;

    /// <summary>Reads the metadata blocks of FLAC.</summary>
    /// <param name="stream">After the mark <c>fLaC</c>.</param>
    public static AudioTags ReadFlac(Stream stream)
    {
        const byte isLast = 0x80, comments = 4;
        Span<byte> head = stackalloc byte[4];
        for (int i = 0; i < TagReader.MostParts && stream.ReadAtLeast(head, 4, throwOnEndOfStream: false) == 4; i++)
        {
            int length = head[1] << 16 | head[2] << 8 | head[3];
            if ((head[0] & ~isLast) == comments)
                return Parse(TagReader.Take(stream, length));
            if ((head[0] & isLast) != 0 || stream.Position + length > stream.Length)
                break;
            stream.Position += length;
        }
        return new AudioTags();
    }

    /// <summary>Reads the second packet of an Ogg stream.</summary>
    /// <param name="stream">At its start.</param>
    public static AudioTags ReadOgg(Stream stream)
    {
        const int headBytes = 27, segmentsAt = 26, wholeSegment = 255;
        using var packet = new MemoryStream();
        int packets = 0;
        Span<byte> head = stackalloc byte[headBytes];
        Span<byte> segments = stackalloc byte[wholeSegment];
        while (stream.Position < 2 * TagReader.MostBytes && stream.ReadAtLeast(head, headBytes, throwOnEndOfStream: false) == headBytes
            && head.StartsWith("OggS"u8))
        {
            int count = head[segmentsAt];
            if (stream.ReadAtLeast(segments[..count], count, throwOnEndOfStream: false) < count)
                break;
            foreach (byte length in segments[..count])
            {
                byte[] segment = TagReader.Take(stream, length);
                if (packets == 1)
                    packet.Write(segment);
                if (length < wholeSegment)
                    packets++;
                if (packets > 1 || packet.Length > TagReader.MostBytes)
                    return ParsePacket(packet.ToArray());
            }
        }
        return ParsePacket(packet.ToArray());
    }

    private static AudioTags ParsePacket(ReadOnlySpan<byte> packet) =>
        packet.StartsWith("\u0003vorbis"u8) ? Parse(packet[7..])
        : packet.StartsWith("OpusTags"u8) ? Parse(packet[8..])
        : new AudioTags();

    /// <summary>The writer's name, the number of comments, and each as NAME=value; all with their lengths, little-endian.</summary>
    private static AudioTags Parse(ReadOnlySpan<byte> bytes)
    {
        Next(ref bytes);
        bytes = bytes.Length < 4 ? [] : bytes[4..];
        MusicalKey? key = null;
        double? tempo = null;
        while (bytes.Length >= 4)
        {
            ReadOnlySpan<byte> comment = Next(ref bytes);
            if (comment.Length > LongestComment || comment.IndexOf((byte)'=') is not (> 0 and var at))
                continue;
            string value = Encoding.UTF8.GetString(comment[(at + 1)..]);
            switch (Encoding.UTF8.GetString(comment[..at]).ToUpperInvariant())
            {
                case "KEY" or "INITIALKEY":
                    key ??= TagReader.ParseKey(value);
                    break;
                case "BPM":
                    tempo ??= TagReader.ParseTempo(value);
                    break;
            }
        }
        return new AudioTags { Key = key, Tempo = tempo };
    }

    /// <summary>Takes a length and as many bytes, or as many as there are.</summary>
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4)
            return bytes = [];
        int length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes), (uint)(bytes.Length - 4));
        ReadOnlySpan<byte> content = bytes.Slice(4, length);
        bytes = bytes[(4 + length)..];
        return content;
    }
}
