using System.CommandLine;
using MathNet.Numerics.Statistics;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Benchmarks.UserPath;
using StemJepa.Training.Evaluation;

namespace StemJepa.Benchmarks.Growth;

/// <summary>The command <c>growth</c>: time and memory against the length of a recording and the number of candidates.</summary>
internal static class GrowthCommand
{
    private const double SecondsOfHour = 3600, LongestRepeated = 600, SecondsPerTurn = 0.1;
    private const int Million = 1_000_000;
    private static readonly double[] Lengths = [8, 60, 600, 3600, 36000];

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Option<int> rounds = Timing.Rounds(3);
        var plot = new Option<string>("--plot")
        {
            Description = "Plot of the results file.",
            DefaultValueFactory = _ => "benchmarks/results/growth.png",
        };
        var longest = new Option<double>("--longest")
        {
            Description = "The longest recording, in seconds; 36000 adds one of ten hours.",
            DefaultValueFactory = _ => SecondsOfHour,
        };
        longest.Require(value => value >= 60, "--longest is a number of seconds from 60 on, such as 3600.");
        var most = new Option<int>("--candidates")
        {
            Description = "The most candidates; a million take 6 GB.",
            DefaultValueFactory = _ => Million,
        };
        most.Require(value => value is >= 100 and <= Million, $"--candidates is a number from 100 to {Million}.");
        return new Measurement<GrowthReport>("growth", "How time and memory grow with the work.")
        {
            Options = [rounds, plot, longest, most],
            MeasureAsync = async (parsed, cancel) =>
            {
                IReadOnlyList<GrowthPoint> audio = await MeasureAudioAsync(parsed.GetValue(longest), parsed.GetValue(rounds), cancel);
                IReadOnlyList<GrowthPoint> candidates = MeasureCandidates(parsed.GetValue(most), parsed.GetValue(rounds), cancel);
                return new GrowthReport(
                    GrowthCurve.From("hour", SecondsOfHour, audio), GrowthCurve.From("million candidates", Million, candidates),
                        await Provenance.HereAsync());
            },
            Table = report => report.ToMarkdown(),
            WriteFiles = (parsed, report) => AtomicFile.Write(parsed.GetRequiredValue(plot), stream => stream.Write(report.ToPng())),
        }.ToCommand();
    }

    /// <summary>Embeds recordings of 8 s to <paramref name="longest"/> seconds, 44.1 kHz mono WAV, each in a process of its own.</summary>
    private static async Task<IReadOnlyList<GrowthPoint>> MeasureAudioAsync(double longest, int rounds, CancellationToken cancel)
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

    /// <summary>Ranks 10, 100, ... <paramref name="most"/> synthetic embeddings.</summary>
    private static IReadOnlyList<GrowthPoint> MeasureCandidates(int most, int rounds, CancellationToken cancel)
    {
        using StemAffinity model = StemAffinity.Create();
        StemEmbedding prediction = NoiseEmbedding.Create(model.Model, seed: 0);
        var points = new List<GrowthPoint>();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var candidates = new StemEmbedding[most];
        int made = 0;
        for (int count = 10; count <= most; count *= 10)
        {
            cancel.ThrowIfCancellationRequested();
            Parallel.For(made, count, i => candidates[i] = NoiseEmbedding.Create(model.Model, 1 + i));
            made = count;
            var some = new ArraySegment<StemEmbedding>(candidates, 0, count);
            void Rank() => model.Rank(prediction, some);
            int repeats = (int)Math.Clamp(SecondsPerTurn / Timing.Seconds(Rank), 1, 1e6);
            double time = Enumerable.Range(0, rounds).Select(_ => Timing.Seconds(Rank, repeats)).Median();
            long memory = GC.GetTotalMemory(forceFullCollection: true) - before - (long)IntPtr.Size * (most - count);
            points.Add(new GrowthPoint(count, time, Math.Round(memory / 1e6, 3)));
        }
        GC.KeepAlive(candidates);
        return points;
    }
}
