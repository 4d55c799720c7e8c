using MathNet.Numerics.Statistics;
using StemJepa.Benchmarks.UserPath;

namespace StemJepa.Benchmarks.Growth;

/// <summary>Embedding ever longer recordings, 44.1 kHz mono WAV, each in a process of its own.</summary>
internal static class AudioGrowth
{
    private const double LongestRepeated = 600;
    private static readonly double[] Lengths = [8, 60, 600, 3600, 36000];

    /// <summary>From 8 s to <paramref name="longest"/> seconds.</summary>
    public static async Task<IReadOnlyList<GrowthPoint>> MeasureAsync(double longest, int rounds, CancellationToken cancel)
    {
        var points = new List<GrowthPoint>();
        foreach (double length in Lengths.Where(length => length <= longest))
        {
            var trials = new List<TrialResult>();
            for (int round = 0; round < (length <= LongestRepeated ? rounds : 1); round++)
                trials.Add(await FreshProcess.RunAsync(cancel, length, channels: 1));
            points.Add(new GrowthPoint(length, Math.Round(trials.Select(trial => trial.EmbedSeconds).Median(), 4),
                Math.Round(trials.Select(trial => trial.PeakMemoryMb).Median(), 1)));
        }
        return points;
    }
}
