using System.Runtime.InteropServices;

namespace StemJepa.Tests;

/// <summary>Samples of the golden recordings: mono 16-bit files with the plain 44-byte header.</summary>
internal static class Pcm16
{
    public static float[] Read(string path)
    {
        ReadOnlySpan<short> samples = MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(path).AsSpan(44));
        var result = new float[samples.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = samples[i] / 32768f;
        return result;
    }
}
