using System.Buffers.Binary;
using System.Text;

namespace StemJepa.TestSupport;

/// <summary>
/// WAV files put together byte by byte from the RIFF specification, independent of the library's own writer. Sizes in the headers can be
/// overridden to make damaged or streamed files.
/// </summary>
internal static class WavBytes
{
    public const ushort Pcm = 1;
    public const ushort Float = 3;
    public const ushort Extensible = 0xFFFE;

    /// <summary>A 16-bit PCM file of interleaved samples.</summary>
    public static byte[] Pcm16(int sampleRate, int channels, params short[] samples)
    {
        var data = new byte[2 * samples.Length];
        for (int i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(2 * i), samples[i]);
        return File(Pcm, channels, sampleRate, 16, data);
    }

    /// <summary>A mono 16-bit PCM file of samples in -1..1.</summary>
    public static byte[] Pcm16(int sampleRate, IEnumerable<float> samples)
        => Pcm16(sampleRate, 1, samples.Select(x => (short)Math.Clamp(Math.Round(x * 32767.0), -32768, 32767)).ToArray());

    /// <summary>A RIFF file with a plain format chunk and these bytes as its samples.</summary>
    public static byte[] File(int tag, int channels, int sampleRate, int bits, byte[] data)
        => Riff(Format(tag, channels, sampleRate, bits), Chunk("data", data));

    /// <summary>The RIFF header around chunks, with its true size or another one.</summary>
    public static byte[] Riff(params byte[][] chunks) => Riff("RIFF", null, chunks);

    public static byte[] Riff(string magic, uint? size, params byte[][] chunks)
    {
        byte[] content = Concat(chunks);
        return Concat(Ascii(magic), U32(size ?? (uint)(4 + content.Length)), Ascii("WAVE"), content);
    }

    /// <summary>A chunk, padded to an even length, with its true size or another one in its header.</summary>
    public static byte[] Chunk(string id, byte[] content, uint? size = null)
        => Concat(Ascii(id), U32(size ?? (uint)content.Length), content, content.Length % 2 == 0 ? [] : [0]);

    /// <summary>A plain format chunk.</summary>
    public static byte[] Format(int tag, int channels, long sampleRate, int bits, int? blockAlign = null)
        => Chunk("fmt ", FormatContent(tag, channels, sampleRate, bits, blockAlign));

    /// <summary>A WAVE_FORMAT_EXTENSIBLE format chunk whose sub-format is the Microsoft GUID of the given tag.</summary>
    public static byte[] ExtensibleFormat(ushort tag, int channels, int sampleRate, int bits, int validBits)
        => Chunk("fmt ", Concat(FormatContent(Extensible, channels, sampleRate, bits, null), U16(22), U16(validBits), U32(0), U16(tag),
            [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71]));

    /// <summary>The chunk of RF64 and BW64 files that holds the sizes too large for 32 bits.</summary>
    public static byte[] Ds64(ulong riffSize, ulong dataSize, ulong frames)
        => Chunk("ds64", Concat(U64(riffSize), U64(dataSize), U64(frames), U32(0)));

    public static byte[] FormatContent(int tag, int channels, long sampleRate, int bits, int? blockAlign)
    {
        int align = blockAlign ?? channels * ((bits + 7) / 8);
        return Concat(U16(tag), U16(channels), U32((uint)sampleRate), U32((uint)(sampleRate * align)), U16(align), U16(bits));
    }

    public static byte[] Concat(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    public static byte[] U16(int value) => [(byte)value, (byte)(value >> 8)];

    public static byte[] U32(uint value) => [.. U16((int)(value & 0xFFFF)), .. U16((int)(value >> 16))];

    public static byte[] U64(ulong value) => [.. U32((uint)value), .. U32((uint)(value >> 32))];
}
