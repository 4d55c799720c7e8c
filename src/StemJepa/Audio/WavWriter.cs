using System.Buffers.Binary;

namespace StemJepa;

/// <summary>How a WAV file stores a sample.</summary>
public enum WavEncoding
{
    /// <summary>16-bit integers.</summary>
    Pcm16,

    /// <summary>24-bit integers, as DAWs exchange them.</summary>
    Pcm24,

    /// <summary>32-bit floats: exact, and not clipped at full scale.</summary>
    Float32,
}

/// <summary>Writes WAV files.</summary>
internal static class WavWriter
{
    private const int HeaderBytes = 44;
    private const int BlockFrames = 16384;
    private const int FullScale16 = 1 << 15, FullScale24 = 1 << 23;

    /// <summary>The index of the first sample that is not a number, or -1.</summary>
    public static int IndexOfNaN(ReadOnlySpan<float> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (float.IsNaN(samples[i]))
                return i;
        }
        return -1;
    }

    /// <summary>Writes header and mono samples of 16 bits; values beyond full scale are clipped.</summary>
    public static void Write(Stream stream, ReadOnlySpan<float> samples, int sampleRate)
    {
        WriteHeader(stream, samples.Length, 1, sampleRate, WavEncoding.Pcm16);
        var block = new byte[2 * BlockFrames];
        while (!samples.IsEmpty)
        {
            int count = Math.Min(samples.Length, BlockFrames);
            for (int i = 0; i < count; i++)
                Write(block.AsSpan(2 * i), samples[i], WavEncoding.Pcm16);
            stream.Write(block, 0, 2 * count);
            samples = samples[count..];
        }
    }

    /// <summary>Writes header and interleaved samples; integers beyond full scale are clipped.</summary>
    /// <exception cref="StemJepaException">The clip is beyond 4 GB.</exception>
    public static void Write(Stream stream, ReadOnlyMemory<float>[] channels, int sampleRate, WavEncoding encoding, string name)
    {
        int size = BytesOf(encoding), frames = channels[0].Length, frameBytes = size * channels.Length;
        if ((long)frames * frameBytes + HeaderBytes > uint.MaxValue)
            throw new StemJepaException($"Cannot write {name}: a WAV file holds less than 4 GB; cut the audio into pieces.");
        WriteHeader(stream, frames, channels.Length, sampleRate, encoding);
        var block = new byte[BlockFrames * frameBytes];
        for (int start = 0; start < frames; start += BlockFrames)
        {
            int count = Math.Min(BlockFrames, frames - start);
            for (int channel = 0; channel < channels.Length; channel++)
            {
                ReadOnlySpan<float> samples = channels[channel].Span.Slice(start, count);
                for (int i = 0; i < count; i++)
                    Write(block.AsSpan(i * frameBytes + channel * size), samples[i], encoding);
            }
            stream.Write(block, 0, count * frameBytes);
        }
        if (((long)frames * frameBytes & 1) != 0)
            stream.WriteByte(0);
    }

    private static int BytesOf(WavEncoding encoding) => encoding switch
    {
        WavEncoding.Pcm16 => 2,
        WavEncoding.Pcm24 => 3,
        WavEncoding.Float32 => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "The encoding is Pcm16, Pcm24 or Float32."),
    };

    private static void Write(Span<byte> target, float sample, WavEncoding encoding)
    {
        switch (encoding)
        {
            case WavEncoding.Pcm16:
                float step = Math.Clamp(MathF.Round(sample * FullScale16), short.MinValue, short.MaxValue);
                BinaryPrimitives.WriteInt16LittleEndian(target, (short)step);
                break;
            case WavEncoding.Pcm24:
                int steps = (int)Math.Clamp(Math.Round((double)sample * FullScale24), -FullScale24, FullScale24 - 1);
                BinaryPrimitives.WriteInt16LittleEndian(target, (short)steps);
                target[2] = (byte)(steps >> 16);
                break;
            default:
                BinaryPrimitives.WriteSingleLittleEndian(target, sample);
                break;
        }
    }

    private static void WriteHeader(Stream stream, int frames, int channels, int sampleRate, WavEncoding encoding)
    {
        const int pcm = 1, ieeeFloat = 3;
        int frameBytes = channels * BytesOf(encoding);
        uint dataBytes = (uint)((long)frames * frameBytes), padding = dataBytes & 1;
        Span<byte> header = stackalloc byte[HeaderBytes];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], HeaderBytes - 8 + dataBytes + padding);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], encoding == WavEncoding.Float32 ? (short)ieeeFloat : (short)pcm);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], frameBytes * sampleRate);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], (short)frameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], (short)(8 * BytesOf(encoding)));
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], dataBytes);
        stream.Write(header);
    }
}
