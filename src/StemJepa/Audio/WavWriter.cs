using System.Buffers.Binary;

namespace StemJepa;

/// <summary>Writes mono samples as 16-bit PCM WAV.</summary>
internal static class WavWriter
{
    private const int HeaderBytes = 44;
    private const int BlockSamples = 16384;

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

    /// <summary>Writes header and samples; values beyond full scale are clipped.</summary>
    public static void Write(Stream stream, ReadOnlySpan<float> samples, int sampleRate)
    {
        WriteHeader(stream, samples.Length, sampleRate);
        var block = new byte[2 * BlockSamples];
        while (!samples.IsEmpty)
        {
            int count = Math.Min(samples.Length, BlockSamples);
            for (int i = 0; i < count; i++)
            {
                float step = Math.Clamp(MathF.Round(samples[i] * 32768), short.MinValue, short.MaxValue);
                BinaryPrimitives.WriteInt16LittleEndian(block.AsSpan(2 * i), (short)step);
            }
            stream.Write(block, 0, 2 * count);
            samples = samples[count..];
        }
    }

    private static void WriteHeader(Stream stream, int samples, int sampleRate)
    {
        uint dataBytes = 2 * (uint)samples;
        Span<byte> header = stackalloc byte[HeaderBytes];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], HeaderBytes - 8 + dataBytes);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], 2 * sampleRate);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], dataBytes);
        stream.Write(header);
    }
}
