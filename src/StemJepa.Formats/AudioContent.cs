using System.Buffers.Binary;
using System.Text;

namespace StemJepa;

/// <summary>The formats that are decoded in process, all the others, and no content at all.</summary>
internal enum AudioFormat
{
    Unknown,
    Empty,
    Wav,
    Mp3,
    OggVorbis,

    /// <summary>A text that names other files, such as HLS: nothing that is decoded.</summary>
    Playlist,
}

/// <summary>Recognises formats by their first bytes.</summary>
internal static class AudioContent
{
    /// <summary>Enough for two MPEG audio frames, and for the first page of an Ogg file.</summary>
    private const int HeadBytes = 4096;

    private const int Id3HeaderBytes = 10;

    private static readonly string[] PlaylistBeginnings = ["#EXTM3U", "ffconcat ", "[playlist]", "v=0"];

    /// <summary>Reads the first bytes of a stream.</summary>
    /// <returns>A stream at the first byte again: <paramref name="stream"/> itself where it is seekable.</returns>
    /// <exception cref="StemJepaException">The stream cannot be read.</exception>
    public static Stream Identify(Stream stream, string name, out AudioFormat format)
    {
        try
        {
            return Identify(stream, out format);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(name, error);
        }
    }

    /// <summary>The length in bytes of an ID3v2 tag; null where there is none.</summary>
    public static int? Id3Length(ReadOnlySpan<byte> head)
    {
        const byte footerFlag = 0x10;
        if (head.Length < Id3HeaderBytes || !head.StartsWith("ID3"u8) || ((head[6] | head[7] | head[8] | head[9]) & 0x80) != 0)
            return null;
        int size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9];
        return Id3HeaderBytes + size + ((head[5] & footerFlag) != 0 ? Id3HeaderBytes : 0);
    }

    /// <summary>
    /// Whether the header of an AIFF file promises more than the stream holds, or an Ogg stream lacks its end; <c>ffmpeg</c> does not say
    /// so. Leaves the position.
    /// </summary>
    public static bool IsCutOff(Stream stream)
    {
        Span<byte> head = stackalloc byte[12];
        long start = stream.Position;
        int count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        bool isCutOff = head[..count].StartsWith("OggS"u8)
            ? LacksLastPage(stream)
            : count == head.Length && head.StartsWith("FORM"u8) && head[8..].StartsWith("AIF"u8)
                && start + 8 + BinaryPrimitives.ReadUInt32BigEndian(head[4..]) > stream.Length;
        stream.Position = start;
        return isCutOff;
    }

    /// <summary>Whether the last page of an Ogg stream (RFC 3533, section 6) is incomplete, or not marked as the last.</summary>
    private static bool LacksLastPage(Stream stream)
    {
        const int longestPage = 27 + 255 + 255 * 255, flagsAt = 5, endOfStream = 4, segmentsAt = 26;
        stream.Position = Math.Max(0, stream.Length - longestPage);
        var tail = new byte[longestPage];
        ReadOnlySpan<byte> read = tail.AsSpan(0, stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false));
        ReadOnlySpan<byte> page = read.LastIndexOf("OggS"u8) is >= 0 and int at ? read[at..] : default;
        if (page.Length <= segmentsAt || page.Length < segmentsAt + 1 + page[segmentsAt])
            return true;
        int length = segmentsAt + 1 + page[segmentsAt];
        foreach (byte segment in page[(segmentsAt + 1)..length])
            length += segment;
        return page.Length < length || (page[flagsAt] & endOfStream) == 0;
    }

    /// <summary>The error for a recording that ends early.</summary>
    public static StemJepaException Truncated(string name) =>
        new($"{name}: is cut off, its header promises more audio than the file holds; copy or export it again.");

    /// <summary>The error for a disk or a pipe that fails.</summary>
    public static StemJepaException Unreadable(string name, Exception error) =>
        new($"{name}: cannot be read ({error.Message.TrimEnd('.')}); check the disk or copy the file again.", error);

    private static Stream Identify(Stream stream, out AudioFormat format)
    {
        var head = new byte[HeadBytes];
        if (!stream.CanSeek)
        {
            int count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            format = Identify(head.AsSpan(0, count));
            return new PrefixedStream(head.AsMemory(0, count), stream);
        }
        long start = stream.Position, tags = start;
        Span<byte> content = ReadHead();
        while (Id3Length(content) is { } length)
        {
            stream.Position = tags += length;
            content = ReadHead();
        }
        format = Identify(content);
        stream.Position = start;
        return stream;

        Span<byte> ReadHead() => head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
    }

    private static AudioFormat Identify(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
            return AudioFormat.Empty;
        if (head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) || head.StartsWith("BW64"u8))
            return AudioFormat.Wav;
        if (head.StartsWith("OggS"u8))
            return head[..Math.Min(head.Length, 64)].IndexOf("\u0001vorbis"u8) >= 0 ? AudioFormat.OggVorbis : AudioFormat.Unknown;
        if (IsPlaylist(head))
            return AudioFormat.Playlist;
        return Id3Length(head) is not null || BeginsWithFrames(head) ? AudioFormat.Mp3 : AudioFormat.Unknown;
    }

    /// <summary>Lists that <c>ffmpeg</c> would follow: HLS and other M3U, its own, PLS, DASH, Smooth Streaming, SDP.</summary>
    private static bool IsPlaylist(ReadOnlySpan<byte> head)
    {
        string text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return Array.Exists(PlaylistBeginnings, beginning => text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            || (text.StartsWith('<') && (text.Contains("<MPD", StringComparison.Ordinal)
                || text.Contains("<SmoothStreamingMedia", StringComparison.Ordinal)));
    }

    /// <summary>One header is four bytes that other data may hold by chance; two, one frame apart, are MPEG audio.</summary>
    private static bool BeginsWithFrames(ReadOnlySpan<byte> head) =>
        Mp3Header.TryParse(head, out Mp3Header first)
        && (head.Length < first.FrameBytes + Mp3Header.Bytes
            ? head.Length < HeadBytes
            : Mp3Header.TryParse(head[first.FrameBytes..], out Mp3Header second) && second.Continues(first));
}

/// <summary>A stream whose first bytes have been read already: they come again, then the rest. Not seekable.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ForwardStream(rest)
{
    private ReadOnlyMemory<byte> _prefix = prefix;

    public override int Read(Span<byte> buffer)
    {
        if (_prefix.IsEmpty)
            return Source.Read(buffer);
        int count = Math.Min(buffer.Length, _prefix.Length);
        _prefix.Span[..count].CopyTo(buffer);
        _prefix = _prefix[count..];
        return count;
    }
}
