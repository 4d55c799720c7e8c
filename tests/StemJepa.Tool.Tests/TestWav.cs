using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>Recordings for the tool, sound ones and broken ones; each method writes a file and returns its path.</summary>
internal static class TestWav
{
    private const int Rate = 16000;
    private const int HeaderBytes = 44;

    /// <summary>A decaying harmonic tone, 16-bit PCM.</summary>
    public static string Tone(string path, double frequency, double seconds = 1.0) => Write(path, ToneBytes(frequency, seconds));

    public static string Silence(string path) => Write(path, WavBytes.Pcm16(Rate, 1, new short[Rate]));

    public static string OneSample(string path) => Write(path, WavBytes.Pcm16(Rate, 1, 8192));

    public static string Empty(string path) => Write(path, []);

    public static string HeaderOnly(string path) => Write(path, WavBytes.Pcm16(Rate, 1));

    public static string CutInsideHeader(string path) => Write(path, ToneBytes(220, 1)[..30]);

    /// <summary>The header promises a second; half of it is there.</summary>
    public static string Truncated(string path) => Write(path, ToneBytes(220, 1)[..(HeaderBytes + Rate)]);

    /// <summary>As programs that write into a pipe leave it: the data chunk's size is unknown.</summary>
    public static string Streamed(string path)
    {
        byte[] bytes = ToneBytes(220, 1);
        WavBytes.U32(uint.MaxValue).CopyTo(bytes, HeaderBytes - 4);
        return Write(path, bytes);
    }

    public static string NaN(string path)
    {
        byte[] samples = WavBytes.Concat([.. Enumerable.Repeat(BitConverter.GetBytes(float.NaN), Rate)]);
        return Write(path, WavBytes.File(WavBytes.Float, 1, Rate, 32, samples));
    }

    /// <summary>Zeros that take no room on the disk, 16-bit PCM.</summary>
    public static string Sparse(string path, TimeSpan length)
    {
        uint size = (uint)(length.TotalSeconds * Rate) * 2;
        byte[] header = WavBytes.Riff(WavBytes.Format(WavBytes.Pcm, 1, Rate, 16), WavBytes.Chunk("data", [], size));
        using FileStream file = File.Create(path);
        file.Write(header);
        file.SetLength(header.Length + size);
        return path;
    }

    private static byte[] ToneBytes(double frequency, double seconds) =>
        WavBytes.Pcm16(Rate, Enumerable.Range(0, (int)(seconds * Rate)).Select(i =>
    {
        double t = (double)i / Rate;
        return (float)(0.2 * Math.Sin(2 * Math.PI * frequency * t)
            + 0.1 * Math.Sin(6 * Math.PI * frequency * t) * Math.Exp(-4 * (t % 0.5)));
    }));

    private static string Write(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
