using System.Buffers.Binary;

namespace StemJepa;

/// <summary>How the samples of a WAV file are stored: the content of its <c>fmt </c> chunk, checked.</summary>
/// <param name="Encoding">How a sample is coded.</param>
/// <param name="Channels">1..<see cref="MaxChannels"/>.</param>
/// <param name="SampleRate">Frames per second, 8000..192000.</param>
/// <param name="BlockAlign">Bytes of a frame: channels times bytes of a sample.</param>
internal readonly record struct WavFormat(SampleEncoding Encoding, int Channels, int SampleRate, int BlockAlign)
{
    public const int MaxChannels = 1024;

    /// <summary>Bytes of the longest chunk content that matters (WAVE_FORMAT_EXTENSIBLE).</summary>
    public const int ExtensibleSize = 40;

    private const int PlainSize = 16;
    private const int Pcm = 1;
    private const int Float = 3;
    private const int Extensible = 0xFFFE;

    private static ReadOnlySpan<byte> SubFormatTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Reads the content of a <c>fmt </c> chunk.</summary>
    /// <exception cref="StemJepaException">The format is damaged or not supported.</exception>
    public static WavFormat Parse(ReadOnlySpan<byte> chunk, string name)
    {
        if (chunk.Length < PlainSize)
            throw new StemJepaException(
                $"{name}: the WAV format chunk has {chunk.Length} bytes instead of {PlainSize}; the file is damaged, export it again.");
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        uint sampleRate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int blockAlign = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (tag == Extensible)
            tag = ParseSubFormat(chunk, name);

        SampleEncoding encoding = EncodingOf(tag, bits)
            ?? throw new StemJepaException($"{name}: holds {Describe(tag, bits)}, which is not read here; convert it to 16-bit PCM WAV.");
        if (channels is 0 or > MaxChannels)
            throw new StemJepaException($"{name}: says that it has {channels} channels; 1 to {MaxChannels} can be read, export it again.");
        if (!SampleRates.IsSupported(sampleRate))
            throw new StemJepaException(
                $"{name}: has a sample rate of {sampleRate} Hz; resample it to between {SampleRates.Lowest} and {SampleRates.Highest} Hz.");
        int expected = channels * encoding.ByteCount();
        if (blockAlign != expected)
            throw new StemJepaException(
                $"{name}: says that {channels} channels of {bits} bits take {blockAlign} bytes a frame instead of {expected}; the file "
                + "is damaged, export it again.");
        return new WavFormat(encoding, channels, (int)sampleRate, blockAlign);
    }

    private static int ParseSubFormat(ReadOnlySpan<byte> chunk, string name)
    {
        if (chunk.Length < ExtensibleSize)
            throw new StemJepaException(
                $"{name}: the extensible WAV format chunk has {chunk.Length} bytes instead of {ExtensibleSize}; the file is damaged, "
                + "export it again.");
        if (!chunk[26..ExtensibleSize].SequenceEqual(SubFormatTail))
            throw new StemJepaException(
                $"{name}: has a sample format known only to the program that wrote it; convert it to 16-bit PCM WAV.");
        return BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
    }

    private static SampleEncoding? EncodingOf(int tag, int bits) => (tag, bits) switch
    {
        (Pcm, >= 1 and <= 8) => SampleEncoding.Unsigned8,
        (Pcm, > 8 and <= 16) => SampleEncoding.Signed16,
        (Pcm, > 16 and <= 24) => SampleEncoding.Signed24,
        (Pcm, > 24 and <= 32) => SampleEncoding.Signed32,
        (Float, 32) => SampleEncoding.Float32,
        (Float, 64) => SampleEncoding.Float64,
        _ => null,
    };

    private static string Describe(int tag, int bits) => tag switch
    {
        Pcm => $"{bits}-bit PCM samples",
        Float => $"{bits}-bit float samples",
        0x02 or 0x11 => "ADPCM audio",
        0x06 => "A-law audio",
        0x07 => "mu-law audio",
        0x50 or 0x55 => "MPEG audio",
        _ => $"audio of the format 0x{tag:X4}",
    };
}
