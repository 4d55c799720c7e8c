using System.Diagnostics;
using System.Globalization;

namespace StemJepa.Benchmarks.UserPath;

/// <summary>What is measured in a process of its own (<see cref="FreshProcess"/>): a start, the most memory, and what is left running.</summary>
internal static class Trial
{
    /// <summary>The argument that makes this program a trial.</summary>
    public const string Verb = "trial";

    private const int ClipSamples = 8 * FrontEndSettings.SampleRate, SettlingMs = 1000, WarmingSeconds = 8;

    /// <summary>Runs it and prints a <see cref="TrialResult"/>.</summary>
    /// <param name="arguments">Seconds of the recording after the first clip, its sample rate, its channels, and seconds of rest afterwards.</param>
    public static void Run(ReadOnlySpan<string> arguments)
    {
        double seconds = double.Parse(arguments[0], CultureInfo.InvariantCulture), rest = double.Parse(arguments[3], CultureInfo.InvariantCulture);
        int sampleRate = int.Parse(arguments[1], CultureInfo.InvariantCulture), channels = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        AudioClip clip = Noise.Clip(ClipSamples);
        var watch = Stopwatch.StartNew();
        using StemAffinity model = StemAffinity.Create();
        model.Embed(clip);
        double coldStart = watch.Elapsed.TotalMilliseconds;
        double embedding = seconds > 0 ? Embed(model, seconds, sampleRate, channels) : 0;
        double idle = rest > 0 ? CpuAtRest(rest) : 0;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(ResultsJson.Text(new TrialResult(coldStart, embedding, process.PeakWorkingSet64 / 1e6, idle)));
    }

    private static double Embed(StemAffinity model, double seconds, int sampleRate, int channels)
    {
        double Time(double length)
        {
            var watch = Stopwatch.StartNew();
            using var recording = new WavReader(new NoiseWavStream(length, sampleRate, channels), "noise");
            model.Embed(recording);
            return watch.Elapsed.TotalSeconds;
        }
        Time(WarmingSeconds);
        return Time(seconds);
    }

    private static double CpuAtRest(double seconds)
    {
        using var process = Process.GetCurrentProcess();
        Thread.Sleep(SettlingMs);
        process.Refresh();
        TimeSpan before = process.TotalProcessorTime;
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds / seconds;
    }
}
