using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace StemJepa.Tool.Bench;

/// <summary>Measures the speed of a model on this machine. The input is noise: the time does not depend on it.</summary>
internal static class ModelBench
{
    /// <summary>Steps that the progress counts: the cold start, the clips one by one, the long recording.</summary>
    public const int Steps = 3;

    private const int WindowSeconds = 8, LongWindows = 32, FewestClips = 100;

    /// <summary>Opens the model by <paramref name="open"/> and measures for about <paramref name="seconds"/>.</summary>
    public static BenchReport Run(Func<IStemAffinity> open, double seconds, WorkProgress progress, CancellationToken cancellationToken)
    {
        AudioClip window = Noise.Clip(WindowSeconds * FrontEndSettings.SampleRate);
        AudioClip recording = Noise.Clip(LongWindows * WindowSeconds * FrontEndSettings.SampleRate);
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

/// <summary>The JSON document of <c>stemjepa bench --json</c>.</summary>
/// <param name="ClipsPerSecond">Windows of 8 s embedded a second, in one long recording on all threads.</param>
/// <param name="RealTimeFactor">Seconds of work for a second of that recording: 0.01 is a hundred times faster than it plays.</param>
/// <param name="P50Ms">Median time of embedding one clip of 8 s, in milliseconds.</param>
/// <param name="P99Ms">The time that 99 of 100 such clips stay under.</param>
/// <param name="ColdStartMs">Time from opening the model to the first embedding of 8 s.</param>
/// <param name="PeakMemoryMb">The most memory that the process held, in units of 10^6 bytes.</param>
internal sealed record BenchReport(
    double ClipsPerSecond, double RealTimeFactor, double P50Ms, double P99Ms, double ColdStartMs, double PeakMemoryMb)
{
    /// <summary>Reads an earlier run of <c>stemjepa bench --json</c>.</summary>
    /// <exception cref="StemJepaException">It is missing, or not such a document.</exception>
    public static BenchReport Load(string path)
    {
        try
        {
            BenchReport? report = JsonSerializer.Deserialize(File.ReadAllBytes(path), BenchJson.Default.BenchReport);
            return report is { ClipsPerSecond: > 0 } && double.IsFinite(report.ClipsPerSecond)
                ? report
                : throw new StemJepaException($"{path}: has no clips_per_second; give what 'stemjepa bench --json' printed.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{path}: cannot be read as a benchmark ({e.Message.TrimEnd('.')}); give what 'stemjepa bench --json' printed.", e);
        }
    }

    public Table ToTable()
    {
        Table table = ConsoleTable.Create("What", "Value", "Unit");
        void Row(string what, double value, string unit) =>
            table.AddRow(ConsoleTable.Cell(what), ConsoleTable.Cell(value.ToString("0.####", CultureInfo.InvariantCulture)),
                ConsoleTable.Cell(unit));
        Row("Windows of 8 s", ClipsPerSecond, "per second");
        Row("Real-time factor", RealTimeFactor, "seconds of work for a second of audio");
        Row("One clip of 8 s, median", P50Ms, "ms");
        Row("One clip of 8 s, 99 of 100", P99Ms, "ms");
        Row("Cold start to the first embedding", ColdStartMs, "ms");
        Row("Peak memory", PeakMemoryMb, "MB");
        return table;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
