using System.Buffers.Binary;

namespace StemJepa.Tool.Tests;

/// <summary>Writes WAV files, sound ones and broken ones, byte by byte: independent of the library's writer.</summary>
internal static class TestWav
{
    public const int HeaderBytes = 44;
    private const int Rate = 16000;

    /// <summary>A chord of harmonics over <paramref name="frequency"/>, 16-bit PCM.</summary>
    public static string Tone(string path, double frequency, double seconds = 1.0)
    {
        var data = new byte[(int)(seconds * Rate) * 2];
        for (int i = 0; i < data.Length / 2; i++)
        {
            double t = (double)i / Rate;
            double value = 0.2 * Math.Sin(2 * Math.PI * frequency * t) + 0.1 * Math.Sin(6 * Math.PI * frequency * t) * Math.Exp(-4 * (t % 0.5));
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(2 * i), (short)(value * 32767));
        }
        return Write(path, formatTag: 1, bits: 16, data, data.Length);
    }

    public static string Silence(string path, int samples = Rate) => Write(path, 1, 16, new byte[samples * 2], samples * 2);

    public static string OneSample(string path) => Write(path, 1, 16, [0x00, 0x20], 2);

    public static string HeaderOnly(string path) => Write(path, 1, 16, [], 0);

    public static string CutInsideHeader(string path)
    {
        Tone(path, 220);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..30]);
        return path;
    }

    /// <summary>The header promises a second; half of it is there.</summary>
    public static string Truncated(string path)
    {
        Tone(path, 220);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..(HeaderBytes + Rate)]);
        return path;
    }

    public static string Empty(string path)
    {
        File.WriteAllBytes(path, []);
        return path;
    }

    public static string NaN(string path)
    {
        var data = new byte[Rate * 4];
        for (int i = 0; i < Rate; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), float.NaN);
        return Write(path, formatTag: 3, bits: 32, data, data.Length);
    }

    /// <summary>Zeros that take no room on the disk, at 8 kHz and 16 bits.</summary>
    public static string Sparse(string path, TimeSpan length)
    {
        const int SparseRate = 8000;
        int bytes = (int)(length.TotalSeconds * SparseRate) * 2;
        using FileStream file = File.Create(path);
        file.Write(Header(1, 16, bytes, SparseRate));
        file.SetLength(HeaderBytes + bytes);
        return path;
    }

    private static string Write(string path, short formatTag, short bits, byte[] data, int declaredBytes)
    {
        File.WriteAllBytes(path, [.. Header(formatTag, bits, declaredBytes, Rate), .. data]);
        return path;
    }

    private static byte[] Header(short formatTag, short bits, int dataBytes, int rate)
    {
        var header = new byte[HeaderBytes];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), HeaderBytes - 8 + dataBytes);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), formatTag);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), rate * bits / 8);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), (short)(bits / 8));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), bits);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), dataBytes);
        return header;
    }
}
