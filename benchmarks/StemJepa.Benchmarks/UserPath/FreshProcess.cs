using System.Diagnostics;
using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Reporting;
using static System.FormattableString;

namespace StemJepa.Benchmarks.UserPath;

/// <summary>Runs a <see cref="Trial"/> in a new process, which has loaded and compiled nothing yet.</summary>
internal static class FreshProcess
{
    /// <summary>Opens the model, and embeds a recording of <paramref name="seconds"/> unless that is 0.</summary>
    public static async Task<TrialResult> RunAsync(
        CancellationToken cancel, double seconds = 0, int sampleRate = 44100, int channels = 2, double rest = 0)
    {
        string program = Environment.ProcessPath!;
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(FreshProcess).Assembly.Location] : [];
        BufferedCommandResult result = await Cli.Wrap(program)
            .WithArguments(
                [.. host, Trial.Verb, Invariant($"{seconds}"), Invariant($"{sampleRate}"), Invariant($"{channels}"), Invariant($"{rest}")])
            .ExecuteBufferedAsync(cancel);
        return ResultsJson.Parse<TrialResult>(result.StandardOutput, "a trial's process");
    }
}

/// <summary>What a <see cref="Trial"/> prints.</summary>
/// <param name="ColdStartMs">From opening the shipped model to the first embedding of 8 s.</param>
/// <param name="EmbedSeconds">Time for the recording that followed, from its WAV file; 0 if there was none.</param>
/// <param name="PeakMemoryMb">Peak memory of the process, in units of 10^6 bytes.</param>
/// <param name="IdleCpu">CPU time per second after use, of one core; 0 if it was not asked for.</param>
internal sealed record TrialResult(double ColdStartMs, double EmbedSeconds, double PeakMemoryMb, double IdleCpu);

/// <summary>
/// Measurements that need their own process (<see cref="FreshProcess"/>): a cold start, peak memory, and CPU time after use.
/// </summary>
internal static class Trial
{
    /// <summary>The first argument of a process that runs a trial.</summary>
    public const string Verb = "trial";

    private const int ClipSamples = 8 * FrontEndSettings.SampleRate, SettlingMs = 1000, WarmUpSeconds = 8;

    /// <summary>Runs a trial and prints a <see cref="TrialResult"/>.</summary>
    /// <param name="arguments">Seconds of the recording after the first clip, its sample rate, its channels, and seconds of rest
    /// afterwards.</param>
    public static void Run(ReadOnlySpan<string> arguments)
    {
        double seconds = double.Parse(arguments[0], CultureInfo.InvariantCulture),
            rest = double.Parse(arguments[3], CultureInfo.InvariantCulture);
        int sampleRate = int.Parse(arguments[1], CultureInfo.InvariantCulture),
            channels = int.Parse(arguments[2], CultureInfo.InvariantCulture);
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
        double Time(double length) => Timing.Seconds(() =>
        {
            using var recording = new WavReader(new NoiseWavStream(length, sampleRate, channels), "noise");
            model.Embed(recording);
        });
        Time(WarmUpSeconds);
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
