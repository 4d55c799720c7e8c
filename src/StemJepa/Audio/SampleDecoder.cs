using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>Turns the bytes of WAV frames into mono float samples: each frame is the average of its channels. Full scale is 1.</summary>
internal static class SampleDecoder
{
    private const float Scale16 = 1f / 32768;

    /// <summary>The bytes that a sample of this encoding takes.</summary>
    public static int ByteCount(this SampleEncoding encoding) => encoding switch
    {
        SampleEncoding.Unsigned8 => 1,
        SampleEncoding.Signed16 => 2,
        SampleEncoding.Signed24 => 3,
        SampleEncoding.Signed32 or SampleEncoding.Float32 => 4,
        _ => 8,
    };

    /// <summary>Decodes as many frames as <paramref name="mono"/> has samples.</summary>
    /// <param name="frames">Whole frames, <c>BlockAlign</c> bytes each.</param>
    /// <param name="format">How they are stored.</param>
    /// <param name="mono">One sample a frame.</param>
    public static void Decode(ReadOnlySpan<byte> frames, in WavFormat format, Span<float> mono)
    {
        frames = frames[..(mono.Length * format.BlockAlign)];
        switch (format.Encoding, format.Channels)
        {
            case (SampleEncoding.Signed16, 1) when BitConverter.IsLittleEndian:
                Mono16(MemoryMarshal.Cast<byte, short>(frames), mono);
                break;
            case (SampleEncoding.Signed16, 2) when BitConverter.IsLittleEndian:
                Stereo16(MemoryMarshal.Cast<byte, int>(frames), mono);
                break;
            case (SampleEncoding.Float32, 1) when BitConverter.IsLittleEndian:
                MemoryMarshal.Cast<byte, float>(frames).CopyTo(mono);
                break;
            case (SampleEncoding.Float32, 2) when BitConverter.IsLittleEndian:
                StereoFloat(MemoryMarshal.Cast<byte, ulong>(frames), mono);
                break;
            default:
                Average(frames, format, mono);
                break;
        }
    }

    private static void Mono16(ReadOnlySpan<short> samples, Span<float> mono)
    {
        int width = Vector<float>.Count;
        int i = 0;
        for (; i <= samples.Length - 2 * width; i += 2 * width)
        {
            Vector.Widen(new Vector<short>(samples[i..]), out Vector<int> low, out Vector<int> high);
            (Vector.ConvertToSingle(low) * Scale16).CopyTo(mono[i..]);
            (Vector.ConvertToSingle(high) * Scale16).CopyTo(mono[(i + width)..]);
        }
        for (; i < samples.Length; i++)
            mono[i] = samples[i] * Scale16;
    }

    private static void Stereo16(ReadOnlySpan<int> frames, Span<float> mono)
    {
        int width = Vector<int>.Count;
        int i = 0;
        for (; i <= frames.Length - width; i += width)
        {
            var frame = new Vector<int>(frames[i..]);
            Vector<int> sum = ((frame << 16) >> 16) + (frame >> 16);
            (Vector.ConvertToSingle(sum) * (Scale16 / 2)).CopyTo(mono[i..]);
        }
        for (; i < frames.Length; i++)
            mono[i] = ((short)frames[i] + (frames[i] >> 16)) * (Scale16 / 2);
    }

    private static void StereoFloat(ReadOnlySpan<ulong> frames, Span<float> mono)
    {
        int width = Vector<ulong>.Count;
        int i = 0;
        for (; i <= frames.Length - 2 * width; i += 2 * width)
        {
            var first = new Vector<ulong>(frames[i..]);
            var second = new Vector<ulong>(frames[(i + width)..]);
            Vector<float> left = Vector.AsVectorSingle(Vector.Narrow(first, second));
            Vector<float> right = Vector.AsVectorSingle(Vector.Narrow(first >> 32, second >> 32));
            (left * 0.5f + right * 0.5f).CopyTo(mono[i..]);
        }
        for (; i < frames.Length; i++)
            mono[i] = BitConverter.UInt32BitsToSingle((uint)frames[i]) * 0.5f
                + BitConverter.UInt32BitsToSingle((uint)(frames[i] >> 32)) * 0.5f;
    }

    private static void Average(ReadOnlySpan<byte> frames, in WavFormat format, Span<float> mono)
    {
        int size = format.Encoding.ByteCount();
        double scale = 1 / (FullScale(format.Encoding) * format.Channels);
        foreach (ref float sample in mono)
        {
            double sum = 0;
            for (int channel = 0; channel < format.Channels; channel++)
                sum += Read(frames[(channel * size)..], format.Encoding);
            sample = (float)(sum * scale);
            frames = frames[format.BlockAlign..];
        }
    }

    private static double FullScale(SampleEncoding encoding) => encoding switch
    {
        SampleEncoding.Unsigned8 => 128,
        SampleEncoding.Signed16 => 32768,
        SampleEncoding.Signed24 => 8388608,
        SampleEncoding.Signed32 => 2147483648,
        _ => 1,
    };

    private static double Read(ReadOnlySpan<byte> sample, SampleEncoding encoding) => encoding switch
    {
        SampleEncoding.Unsigned8 => sample[0] - 128,
        SampleEncoding.Signed16 => BinaryPrimitives.ReadInt16LittleEndian(sample),
        SampleEncoding.Signed24 => BinaryPrimitives.ReadUInt16LittleEndian(sample) | ((sbyte)sample[2] << 16),
        SampleEncoding.Signed32 => BinaryPrimitives.ReadInt32LittleEndian(sample),
        SampleEncoding.Float32 => BinaryPrimitives.ReadSingleLittleEndian(sample),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(sample),
    };
}

/// <summary>How one sample of a WAV file is coded; all are little-endian.</summary>
internal enum SampleEncoding
{
    /// <summary>8-bit PCM with its zero at 128.</summary>
    Unsigned8,

    /// <summary>16-bit two's complement PCM.</summary>
    Signed16,

    /// <summary>24-bit two's complement PCM in three bytes.</summary>
    Signed24,

    /// <summary>32-bit two's complement PCM.</summary>
    Signed32,

    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>IEEE 754 double precision.</summary>
    Float64,
}
