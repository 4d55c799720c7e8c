using System.Diagnostics;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Bench;

/// <summary>Measures a model on this machine. What is heard is noise: the time does not depend on it.</summary>
internal static class ModelBench
{
    /// <summary>Steps that the progress counts: the cold start, the clips one by one, the long recording.</summary>
    public const int Steps = 3;

    private const int WindowSeconds = 8, LongWindows = 32, FewestClips = 100;

    /// <summary>Opens the model by <paramref name="open"/> and measures for about <paramref name="seconds"/>.</summary>
    public static BenchReport Run(Func<IStemAffinity> open, double seconds, WorkProgress progress, CancellationToken cancellationToken)
    {
        AudioClip window = Noise.Clip(WindowSeconds * FrontEndSettings.SampleRate), recording = Noise.Clip(LongWindows * WindowSeconds * FrontEndSettings.SampleRate);
        var watch = Stopwatch.StartNew();
        using IStemAffinity model = open();
        model.Embed(window);
        double coldStart = watch.Elapsed.TotalMilliseconds;
        progress.CompleteItem();

        double[] clips = Times(() => model.Embed(window), FewestClips, seconds / 2, progress, cancellationToken);
        progress.CompleteItem();
        double[] recordings = Times(() => model.Embed(recording), 1, seconds / 2, progress, cancellationToken);
        progress.CompleteItem();

        double perSecond = LongWindows / Percentile(recordings, 0.5) * 1000;
        return new BenchReport(
            Math.Round(perSecond, 2), Math.Round(1 / (perSecond * WindowSeconds), 6),
            Math.Round(Percentile(clips, 0.5), 3), Math.Round(Percentile(clips, 0.99), 3),
            Math.Round(coldStart, 1), Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1e6, 1));
    }

    /// <summary>Milliseconds of each run: as many as fit into the time, and at least <paramref name="fewest"/>.</summary>
    private static double[] Times(Action work, int fewest, double seconds, WorkProgress progress, CancellationToken cancellationToken)
    {
        work();
        var times = new List<double>();
        var total = Stopwatch.StartNew();
        while (times.Count < fewest || total.Elapsed.TotalSeconds < seconds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var watch = Stopwatch.StartNew();
            work();
            times.Add(watch.Elapsed.TotalMilliseconds);
            progress.ReportPart(total.Elapsed.TotalSeconds / seconds);
        }
        return [.. times.Order()];
    }

    /// <summary>The nearest rank in sorted times.</summary>
    private static double Percentile(double[] times, double share) => times[Math.Max(0, (int)Math.Ceiling(share * times.Length) - 1)];
}
