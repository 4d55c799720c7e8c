using System.Buffers.Binary;
using System.Globalization;

namespace StemJepa;

/// <summary>Finds the tags of a file. Whatever it holds, nothing is thrown and at most a mebibyte of it is kept.</summary>
internal static class TagReader
{
    /// <summary>The most that is kept of one tag; what follows, as a rule after pictures, is not looked at.</summary>
    internal const int MostBytes = 1 << 20;

    /// <summary>The most chunks or blocks that are looked at.</summary>
    internal const int MostParts = 1024;

    /// <summary>The most ID3v2 tags, one behind the other, that are looked at.</summary>
    private const int MostTags = 8;

    private const double SameTempo = 0.02;

    /// <summary>Reads the tags of a seekable stream, from its start.</summary>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static AudioTags Read(Stream stream)
    {
        Span<byte> head = stackalloc byte[12];
        var id3 = new AudioTags();
        long start = 0;
        int got = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        // Some programs put a second tag before the first.
        for (int i = 0; i < MostTags && AudioContent.Id3Length(head[..got]) is { } length; i++)
        {
            stream.Position = start;
            id3 = Merge(id3, Id3Tag.Parse(Take(stream, length)));
            stream.Position = start = Math.Min(start + length, stream.Length);
            got = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }
        if (head[..got].StartsWith("fLaC"u8))
        {
            stream.Position = start + 4;
            return Merge(id3, VorbisComments.ReadFlac(stream));
        }
        if (start > 0 || got < head.Length)
            return id3;
        if (head.StartsWith("OggS"u8))
        {
            stream.Position = 0;
            return VorbisComments.ReadOgg(stream);
        }
        if (head[8..].SequenceEqual("WAVE"u8))
            return ReadChunks(stream, isBigEndian: false);
        return head.StartsWith("FORM"u8) && head[8..].StartsWith("AIF"u8) ? ReadChunks(stream, isBigEndian: true) : new AudioTags();
    }

    /// <summary>Reads a key such as <c>F#m</c>, or its number on the wheel of disc jockeys: <c>8A</c> and <c>1m</c> are A minor.</summary>
    public static MusicalKey? ParseKey(string text)
    {
        text = text.Trim();
        if (MusicalKey.TryParse(text, out MusicalKey key))
            return key;
        if (text.Length is not (2 or 3) || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out int hour) || hour is < 1 or > 12)
            return null;
        return char.ToUpperInvariant(text[^1]) switch
        {
            'A' => Minor(hour - 8),
            'B' => Major(hour - 8),
            'M' => Minor(hour - 1),
            'D' => Major(hour - 1),
            _ => null,
        };
        static MusicalKey Major(int fifths) => new((7 * fifths + 84) % 12, isMinor: false);
        static MusicalKey Minor(int fifths) => new((7 * fifths + 84 + 9) % 12, isMinor: true);
    }

    /// <summary>Reads a tempo in BPM, with a point or a comma; null unless it is one.</summary>
    public static double? ParseTempo(string text) =>
        double.TryParse(text.Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double tempo)
            ? Usable(tempo)
            : null;

    /// <summary>Reads up to <paramref name="length"/> bytes, but no more than are there and than are kept.</summary>
    public static byte[] Take(Stream stream, long length)
    {
        var bytes = new byte[Math.Clamp(Math.Min(length, stream.Length - stream.Position), 0, MostBytes)];
        int got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return got == bytes.Length ? bytes : bytes[..got];
    }

    private static double? Usable(double tempo) => tempo is >= AudioTags.SlowestTempo and <= AudioTags.FastestTempo ? tempo : null;

    private static AudioTags Merge(AudioTags first, AudioTags second) => new()
    {
        Key = first.Key ?? second.Key, Tempo = first.Tempo ?? second.Tempo, IsLoop = first.IsLoop ?? second.IsLoop,
    };

    /// <summary>
    /// The chunks of RIFF and AIFF: ID3v2 in both, <c>acid</c> (loops of ACID, whose root note has no mode and is therefore no key) and
    /// <c>basc</c> (Apple Loops).
    /// </summary>
    private static AudioTags ReadChunks(Stream stream, bool isBigEndian)
    {
        AudioTags text = new(), loop = new();
        byte[] acid = [], basc = [];
        double bytesOfSecond = 0, seconds = 0;
        Span<byte> chunk = stackalloc byte[8];
        for (int i = 0; i < MostParts && stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) == chunk.Length; i++)
        {
            uint size = isBigEndian
                ? BinaryPrimitives.ReadUInt32BigEndian(chunk[4..])
                : BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            long next = stream.Position + size + (size & 1);
            if (chunk.StartsWith("id3 "u8) || chunk.StartsWith("ID3 "u8))
                text = Id3Tag.Parse(Take(stream, size));
            else if (chunk.StartsWith("acid"u8))
                acid = Take(stream, Math.Min(size, 24));
            else if (chunk.StartsWith("basc"u8))
                basc = Take(stream, Math.Min(size, 12));
            else if (chunk.StartsWith("fmt "u8) && Take(stream, Math.Min(size, 12)) is { Length: 12 } format)
                bytesOfSecond = BinaryPrimitives.ReadUInt32LittleEndian(format.AsSpan(8));
            else if (chunk.StartsWith("COMM"u8) && Take(stream, Math.Min(size, 18)) is { Length: 18 } common)
                seconds = BinaryPrimitives.ReadUInt32BigEndian(common.AsSpan(2)) / ReadExtended(common.AsSpan(8));
            else if (chunk.StartsWith("data"u8))
                seconds = Math.Min(size, stream.Length - stream.Position) / bytesOfSecond;
            if (next > stream.Length)
                break;
            stream.Position = next;
        }
        if (acid.Length == 24)
            loop = ParseAcid(acid, seconds);
        else if (basc.Length == 12)
            loop = ParseAppleLoop(basc, seconds);
        return Merge(text, loop);
    }

    /// <summary>Flags (1: one shot), root note, two unknown numbers, beats, meter, tempo; little-endian.</summary>
    private static AudioTags ParseAcid(ReadOnlySpan<byte> acid, double seconds)
    {
        const uint oneShot = 1;
        if ((BinaryPrimitives.ReadUInt32LittleEndian(acid) & oneShot) != 0)
            return new AudioTags { IsLoop = false };
        uint beats = BinaryPrimitives.ReadUInt32LittleEndian(acid[12..]);
        double? stated = Usable(BinaryPrimitives.ReadSingleLittleEndian(acid[20..])), counted = Usable(60 * beats / seconds);
        // Programs write 120 where they do not know: a tempo that beats and length contradict says nothing.
        bool contradicts = stated is not null && beats > 0 && !(Math.Abs(counted / stated - 1 ?? double.NaN) <= SameTempo);
        return new AudioTags { IsLoop = beats > 0 ? true : null, Tempo = contradicts ? null : stated ?? counted };
    }

    /// <summary>Version, beats, root note, scale (1: minor, 2: major); big-endian.</summary>
    private static AudioTags ParseAppleLoop(ReadOnlySpan<byte> basc, double seconds)
    {
        uint beats = BinaryPrimitives.ReadUInt32BigEndian(basc[4..]);
        int root = BinaryPrimitives.ReadUInt16BigEndian(basc[8..]), scale = BinaryPrimitives.ReadUInt16BigEndian(basc[10..]);
        return new AudioTags
        {
            Key = root is > 0 and < 128 && scale is 1 or 2 ? new MusicalKey(root % 12, isMinor: scale == 1) : null,
            Tempo = Usable(60 * beats / seconds),
        };
    }

    /// <summary>An extended-precision number of 80 bits.</summary>
    private static double ReadExtended(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt64BigEndian(bytes[2..])
            * Math.Pow(2, (BinaryPrimitives.ReadUInt16BigEndian(bytes) & 0x7FFF) - 16383 - 63);
}
