using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CliWrap;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>Reading and resampling audio on one thread.</summary>
internal static class AudioDuels
{
    private const int Rate = 44100, Seconds = 600;

    public static IEnumerable<DuelPlan> All(Workshop workshop)
    {
        if (File.Exists("/usr/bin/sox"))
            yield return new DuelPlan("resampling 44.1 to 16 kHz, 10 min", () => Resampling(workshop));
        yield return new DuelPlan("wav decoding, 1 min of 16-bit stereo", () => Decoding(workshop));
    }

    /// <summary>sox is a process of its own; ten minutes of audio hide its start. Both read raw float samples from a file and keep the result in memory or drop it.</summary>
    private static Duel Resampling(Workshop workshop)
    {
        float[] samples = Noise.Samples(Rate * Seconds);
        string raw = workshop.PathOf("noise.f32");
        File.WriteAllBytes(raw, MemoryMarshal.AsBytes(samples.AsSpan()));
        var input = new float[samples.Length];
        Command sox = Cli.Wrap("sox").WithArguments(
            ["-V1", "-r", $"{Rate}", "-e", "floating-point", "-b", "32", "-c", "1", raw, "-t", "raw", "-e", "floating-point", "-b", "32", "/dev/null", "rate", "-h", "16000"]);
        return new Duel("sox rate -h", () =>
        {
            using FileStream stream = File.OpenRead(raw);
            stream.ReadExactly(MemoryMarshal.AsBytes(input.AsSpan()));
            Resampler.Resample(input, Rate, FrontEndSettings.SampleRate);
        }, () => sox.ExecuteAsync().Task.GetAwaiter().GetResult()) { Threads = 1 };
    }

    /// <summary>A 16-bit stereo file from the page cache, against the plain loop over its samples.</summary>
    private static Duel Decoding(Workshop workshop)
    {
        const int seconds = 60, frames = seconds * Rate, header = NoiseWavStream.HeaderBytes;
        string path = workshop.PathOf("stereo.wav");
        using (var wav = new NoiseWavStream(seconds, Rate, channels: 2))
        using (FileStream file = File.Create(path))
            wav.CopyTo(file);
        var block = new float[1 << 14];
        var naive = new float[frames];
        return new Duel("plain loop", () =>
        {
            using WavReader reader = WavReader.Open(path);
            while (reader.Read(block) > 0)
            {
            }
        }, () =>
        {
            byte[] bytes = File.ReadAllBytes(path);
            for (int i = 0; i < frames; i++)
            {
                int at = header + 4 * i;
                naive[i] = (BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at)) + BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at + 2))) / 65536f;
            }
        }) { Threads = 1, Gigabytes = (4.0 + 4.0) * frames / 1e9 };
    }
}
