using System.Runtime.InteropServices;
using CliWrap;
using NWaves.Operations;
using NWaves.Operations.Tsm;
using NWaves.Signals;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Reporting;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>
/// A minute of stereo at 44.1 kHz made 5 % slower, on one thread. <c>ffmpeg</c> runs in its own process, and reads and writes raw samples;
/// NWaves takes one channel after the other.
/// </summary>
internal static class StretchComparisons
{
    private const int Rate = 44100, Seconds = 60;
    private const double Tempo = 1 / 1.05;

    /// <summary>Lists the comparisons.</summary>
    public static IEnumerable<ComparisonPlan> All(Fixture fixture)
    {
        const string name = "stretch by 5 %, 1 min of stereo";
        if (File.Exists("/usr/bin/ffmpeg"))
        {
            yield return new ComparisonPlan(name, "ffmpeg rubberband", () => Ffmpeg(fixture, $"rubberband=tempo={1 / 1.05:0.#####}"));
            yield return new ComparisonPlan(name, "ffmpeg atempo", () => Ffmpeg(fixture, $"atempo={1 / 1.05:0.#####}"));
        }
        yield return new ComparisonPlan(name, "NWaves phase vocoder", NWaves);
    }

    private static PreparedComparison Ffmpeg(Fixture fixture, string filter)
    {
        string raw = fixture.PathOf("stereo.f32");
        File.WriteAllBytes(raw, MemoryMarshal.AsBytes(Noise.Samples(2 * Rate * Seconds).AsSpan()));
        var input = new float[2 * Rate * Seconds];
        string[] format = ["-f", "f32le", "-ar", $"{Rate}", "-ac", "2"];
        Command command = Cli.Wrap("ffmpeg").WithArguments(
            ["-nostdin", "-v", "error", "-y", "-filter_threads", "1", .. format, "-i", raw, "-af", filter, .. format, "/dev/null"]);
        return new PreparedComparison(() =>
        {
            using FileStream stream = File.OpenRead(raw);
            stream.ReadExactly(MemoryMarshal.AsBytes(input.AsSpan()));
            TimeStretch.Apply(MultichannelClip.FromInterleaved(input, 2, Rate), Tempo);
        }, () => command.ExecuteAsync().Task.GetAwaiter().GetResult()) { Threads = 1 };
    }

    private static PreparedComparison NWaves()
    {
        MultichannelClip clip = MultichannelClip.FromInterleaved(Noise.Samples(2 * Rate * Seconds), 2, Rate);
        DiscreteSignal[] signals = [.. clip.Channels.Select(channel => new DiscreteSignal(Rate, channel.ToArray()))];
        return new PreparedComparison(() => TimeStretch.Apply(clip, Tempo), () =>
        {
            foreach (DiscreteSignal signal in signals)
                Operation.TimeStretch(signal, 1 / Tempo, TsmAlgorithm.PhaseVocoderPhaseLocking);
        }) { Threads = 1 };
    }
}
