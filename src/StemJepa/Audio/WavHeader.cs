using System.Buffers.Binary;

namespace StemJepa;

/// <summary>What precedes the samples of a WAV file, read up to the first byte of its data chunk.</summary>
/// <param name="Format">How the samples are stored.</param>
/// <param name="DataBytes">The size that the header gives for the samples, or null when it gives none (streamed recordings).</param>
internal readonly record struct WavHeader(WavFormat Format, long? DataBytes)
{
    private const uint Unknown = 0xFFFFFFFF;
    private const int DataSizeOffset = 8;
    private const int DataSizeEnd = 16;
    private const string NotWav = "give a WAV file, or convert it to one";

    /// <summary>Reads RIFF, RF64 and BW64 headers and leaves the stream at the first byte of the samples.</summary>
    /// <exception cref="StemJepaException">The file is not WAV, is damaged or holds a format that is not supported.</exception>
    public static WavHeader Read(Stream stream, string name)
    {
        long start = stream.CanSeek ? stream.Position : 0;
        Span<byte> riff = stackalloc byte[12];
        int got = stream.ReadAtLeast(riff, riff.Length, throwOnEndOfStream: false);
        CheckMagic(riff[..got], name);
        uint riffSize = BinaryPrimitives.ReadUInt32LittleEndian(riff[4..]);

        WavFormat? format = null;
        long? longDataBytes = null;
        Span<byte> content = stackalloc byte[WavFormat.ExtensibleSize];
        Span<byte> chunk = stackalloc byte[8];
        while (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) == chunk.Length)
        {
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk[..4].SequenceEqual("data"u8))
            {
                if (format is null)
                    throw new StemJepaException($"{name}: its samples come before its format chunk; the file is damaged, export it again.");
                bool finished = stream.CanSeek && riffSize != 0 && start + 8 + riffSize == stream.Length;
                return new WavHeader(format.Value, DataSize(size, longDataBytes, finished));
            }
            int known = stream.ReadAtLeast(content[..(int)Math.Min(size, content.Length)], (int)Math.Min(size, content.Length),
                throwOnEndOfStream: false);
            if (chunk[..4].SequenceEqual("fmt "u8))
                format = WavFormat.Parse(content[..known], name);
            else if (chunk[..4].SequenceEqual("ds64"u8) && known >= DataSizeEnd)
                longDataBytes = BinaryPrimitives.ReadInt64LittleEndian(content[DataSizeOffset..]);
            Skip(stream, size + (size & 1L) - known);
        }
        throw new StemJepaException(format is null
            ? $"{name}: ends before its WAV format chunk; the file is damaged or incomplete, export it again."
            : $"{name}: ends before its samples; the file is damaged or incomplete, export it again.");
    }

    private static long? DataSize(uint size, long? longSize, bool finished) => size switch
    {
        Unknown => longSize > 0 ? longSize : null,
        0 => finished ? 0 : null,
        _ => size,
    };

    private static void CheckMagic(ReadOnlySpan<byte> riff, string name)
    {
        if (riff.IsEmpty)
            throw new StemJepaException($"{name}: is empty; {NotWav}.");
        bool isWave = riff.Length == 12 && riff[8..].SequenceEqual("WAVE"u8);
        if (isWave && (riff.StartsWith("RIFF"u8) || riff.StartsWith("RF64"u8) || riff.StartsWith("BW64"u8)))
            return;
        throw new StemJepaException($"{name}: is {Describe(riff)}, not a WAV file; {NotWav}.");
    }

    private static string Describe(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("fLaC"u8))
            return "a FLAC file";
        if (start.StartsWith("OggS"u8))
            return "an Ogg file";
        if (start.StartsWith("FORM"u8))
            return "an AIFF file";
        if (start.StartsWith("RIFX"u8))
            return "a big-endian RIFX file";
        if (start.StartsWith("ID3"u8) || (start.Length > 1 && start[0] == 0xFF && start[1] >= 0xE0))
            return "an MP3 file";
        if (start.Length >= 8 && start[4..].StartsWith("ftyp"u8))
            return "an MP4 file";
        return start.Length < 12 ? $"{start.Length} bytes long" : $"of an unknown kind (it begins with {Convert.ToHexString(start[..4])})";
    }

    private static void Skip(Stream stream, long count)
    {
        if (count <= 0)
            return;
        if (stream.CanSeek)
        {
            stream.Position = Math.Min(stream.Position + count, Math.Max(stream.Position, stream.Length));
            return;
        }
        Span<byte> ignored = stackalloc byte[1024];
        while (count > 0)
        {
            int read = stream.Read(ignored[..(int)Math.Min(count, ignored.Length)]);
            if (read == 0)
                return;
            count -= read;
        }
    }
}
