using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CliWrap;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Reporting;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>Reading and resampling audio on one thread.</summary>
internal static class AudioComparisons
{
    private const int Rate = 44100, Seconds = 600;

    /// <summary>Lists the comparisons.</summary>
    public static IEnumerable<ComparisonPlan> All(Fixture fixture)
    {
        if (File.Exists("/usr/bin/sox"))
            yield return new ComparisonPlan("resampling 44.1 to 16 kHz, 10 min", "sox rate -h", () => Resampling(fixture));
        yield return new ComparisonPlan("wav decoding, 1 min of 16-bit stereo", "plain loop", () => Decoding(fixture));
    }

    /// <summary>
    /// sox runs in its own process; with ten minutes of audio its start does not count. Both read raw float samples from a file, and keep
    /// the result in memory or drop it.
    /// </summary>
    private static PreparedComparison Resampling(Fixture fixture)
    {
        float[] samples = Noise.Samples(Rate * Seconds);
        string raw = fixture.PathOf("noise.f32");
        File.WriteAllBytes(raw, MemoryMarshal.AsBytes(samples.AsSpan()));
        var input = new float[samples.Length];
        string[] format = ["-e", "floating-point", "-b", "32"];
        Command sox = Cli.Wrap("sox").WithArguments(
            ["-V1", "-r", $"{Rate}", .. format, "-c", "1", raw, "-t", "raw", .. format, "/dev/null", "rate", "-h", "16000"]);
        return new PreparedComparison(() =>
        {
            using FileStream stream = File.OpenRead(raw);
            stream.ReadExactly(MemoryMarshal.AsBytes(input.AsSpan()));
            Resampler.Resample(input, Rate, FrontEndSettings.SampleRate);
        }, () => sox.ExecuteAsync().Task.GetAwaiter().GetResult()) { Threads = 1 };
    }

    /// <summary>A 16-bit stereo file from the page cache, against the plain loop over its samples.</summary>
    private static PreparedComparison Decoding(Fixture fixture)
    {
        const int seconds = 60, frames = seconds * Rate, header = NoiseWavStream.HeaderBytes;
        string path = fixture.PathOf("stereo.wav");
        using (var wav = new NoiseWavStream(seconds, Rate, channels: 2))
        using (FileStream file = File.Create(path))
            wav.CopyTo(file);
        var block = new float[1 << 14];
        var naive = new float[frames];
        return new PreparedComparison(() =>
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
                int sum = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at))
                    + BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at + 2));
                naive[i] = sum / 65536f;
            }
        }) { Threads = 1, Gigabytes = (4.0 + 4.0) * frames / 1e9 };
    }
}
