using System.CommandLine;
using System.Diagnostics;
using MathNet.Numerics.Statistics;
using StemJepa.Benchmarks.Comparison;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Reporting;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Networks;
using StemJepa.Training.Training;
using TorchSharp;
using static System.FormattableString;
using static TorchSharp.torch;
using NetworkPrecision = StemJepa.Training.Networks.Precision;

namespace StemJepa.Benchmarks.TrainingSpeed;

/// <summary>The command <c>training</c>: training throughput, its share of the CPU's matrix rate, and where the time goes.</summary>
internal static class TrainingSpeedCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Option<int> rounds = Timing.Rounds(5);
        return new Measurement<TrainingReport>(
            "training", "Clips per second of training, against the CPU's matrix rate, and where the time goes.")
        {
            Options = [rounds],
            MeasureAsync = async (parsed, cancel) =>
            {
                using var bench = new TrainingSpeedBench();
                for (int round = 0; round < parsed.GetValue(rounds); round++)
                {
                    cancel.ThrowIfCancellationRequested();
                    bench.Round();
                }
                return bench.ToReport(await Provenance.HereAsync());
            },
            Table = report => report.ToMarkdown(),
        }.ToCommand();
    }
}

/// <summary>Results of the command <c>training</c>.</summary>
/// <param name="GemmPeakGigaflops">The matrix rate of the CPU in the precision that training uses, measured in the same run.</param>
/// <param name="Batch">Description of the batch.</param>
/// <param name="Rows">Ways to compute it, and the parts of the first one.</param>
/// <param name="Measured">Where and when it was measured.</param>
internal sealed record TrainingReport(double GemmPeakGigaflops, string Batch, IReadOnlyList<TrainingReport.Row> Rows, Provenance Measured)
{
    /// <summary>One way, or one part of the first way.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="IsPart">Whether it is a part.</param>
    /// <param name="Milliseconds">Of the batch, the median.</param>
    /// <param name="ClipsPerSecond">Clips of the batch in that time.</param>
    /// <param name="GigaflopsPerSecond">Its matrix products and convolutions; null if it has none.</param>
    /// <param name="OfGemmPeak">Their share of the matrix rate.</param>
    internal sealed record Row(
        string Name, bool IsPart, double Milliseconds, double ClipsPerSecond, double? GigaflopsPerSecond, double? OfGemmPeak);

    /// <summary>Formats the table for documents.</summary>
    public string ToMarkdown() =>
        DocumentTable.Of(["", "ms a batch", "of the first row", "clips/s", "GFLOP/s", "of the matrix rate"], Rows.Select(row => (string[])
        [
            row.IsPart ? $"- {row.Name}" : row.Name, Invariant($"{row.Milliseconds:F0}"),
                Invariant($"{100 * row.Milliseconds / Rows[0].Milliseconds:F0} %"), row.IsPart ? "" : Invariant($"{row.ClipsPerSecond:F0}"),
            row.GigaflopsPerSecond is { } rate ? Invariant($"{rate:F0}") : "", row.OfGemmPeak is { } share
                ? Invariant($"{100 * share:F0} %") : "",
        ])) + $"\n{Batch}; the matrix rate is {GemmPeakGigaflops} GFLOP/s.\n"
            + DocumentTable.Provenance(Measured.Date, Measured.Machine, Measured.Commit);
}

/// <summary>
/// The encoder of <c>small</c>, forward and backward, over a batch: as a whole on libtorch's threads in bfloat16 and in float32, in small
/// parts with gradient caching, in one part for each core, and the parts of the first one by one. Interleaved in one process; medians.
/// Not thread-safe.
/// </summary>
internal sealed class TrainingSpeedBench : IDisposable
{
    private const int Clips = 320, Frames = 400, RowsOfPart = 20;
    private const double GradientClip = 3, LearningRate = 1e-6;

    private static readonly NetworkSizes Sizes = NetworkSizes.Small;
    private static readonly int Tokens = Frames / PatchGrid.PatchSize * PatchGrid.FrequencyPatches;

    private readonly NetworkPrecision _precision = new() { UseBfloat16 = BrainFloat.IsFast };
    private readonly StemJepaNetwork _network = new(Sizes) { UseBfloat16 = BrainFloat.IsFast };
    private readonly GradientCache _cache, _kept;
    private readonly AdamW _optimiser;
    private readonly Tensor _logMels = randn(Clips, FrontEndSettings.MelBands, Frames), _tokens = randn(Clips, Tokens, Sizes.Width);
    private readonly float[] _samples = Noise.Samples(Frames * FrontEndSettings.Hop);
    private readonly LogMelSpectrogram _frontEnd = new(new FrontEndSettings());
    private readonly List<double> _peak = [];
    private readonly List<(string Name, bool IsPart, double? Gigaflops, Action Run, List<double> Seconds)> _works = [];

    /// <summary>Creates the networks and the batch.</summary>
    public TrainingSpeedBench()
    {
        _cache = new GradientCache(_network, Environment.ProcessorCount);
        _kept = new GradientCache(_network, Environment.ProcessorCount, keep: true);
        _optimiser = new AdamW(_network.named_parameters(), weightDecay: 0.05);
        double all = 3 * EncoderComparisons.Gigaflops(Sizes, Clips, Frames),
            embedding = 3 * EncoderComparisons.Gigaflops(Sizes with { Depth = 0 }, Clips, Frames);
        double mlps = 3 * 2e-9 * Clips * Sizes.Depth * Tokens * 8.0 * Sizes.Width * Sizes.Width;
        var embed = new ConvolutionalPatchEmbedding(Sizes.Width, _precision);
        var attention = new Attention(Sizes.Width, Sizes.Heads, _precision);
        var mlp = new TransformerBlock.Mlp(Sizes.Width, _precision);
        var norm = nn.LayerNorm(Sizes.Width);
        _tokens.requires_grad_(true);
        Add("whole batch, bfloat16", false, all, () => Backward(Losses.Pool(_network.Encoder.forward(_logMels))));
        Add("patch embedding", true, embedding, () => Backward(embed.forward(_logMels.unsqueeze(1))));
        Add($"attention, {Sizes.Depth} times", true, all - embedding - mlps, () => Repeat(x => x + attention.forward(norm.forward(x))));
        Add($"MLP, {Sizes.Depth} times", true, mlps, () => Repeat(x => x + mlp.forward(norm.forward(x))));
        Add("clipping and AdamW", true, null, Optimise);
        Add("log-mels on a thread of their own, meanwhile", true, null, ComputeLogMels);
        Add("whole batch, float32", false, all, InFloat32);
        Add("gradient caching, bfloat16", false, all, () => ByParts(_cache, RowsOfPart));
        Add("a part for each core, kept, bfloat16", false, all, () => ByParts(_kept, Clips / Environment.ProcessorCount));
    }

    /// <summary>Measures everything once.</summary>
    public void Round()
    {
        _peak.Add(MachineLimits.TorchGemmGigaflopsPerSecond(
            Environment.ProcessorCount, BrainFloat.IsFast ? ScalarType.BFloat16 : ScalarType.Float32));
        foreach (var work in _works)
        {
            using var scope = NewDisposeScope();
            var watch = Stopwatch.StartNew();
            work.Run();
            work.Seconds.Add(watch.Elapsed.TotalSeconds);
        }
    }

    /// <summary>Returns the medians of all rounds.</summary>
    public TrainingReport ToReport(Provenance here)
    {
        double limit = _peak.Max();
        return new TrainingReport(
            Math.Round(limit, 1), $"{Clips} clips of {Frames / 100.0} s, {Sizes.Width} wide, {Sizes.Depth} deep", [.. _works.Select(work =>
        {
            double seconds = work.Seconds.Median();
            double? rate = work.Gigaflops / seconds;
            return new TrainingReport.Row(work.Name, work.IsPart, Math.Round(1000 * seconds, 1), Math.Round(Clips / seconds, 1),
                Rounded(rate, 1), Rounded(rate / limit, 3));
        })], here);
    }

    /// <summary>Disposes the networks.</summary>
    public void Dispose()
    {
        _cache.Dispose();
        _kept.Dispose();
        _network.Dispose();
    }

    private static double? Rounded(double? value, int digits) => value is { } known ? Math.Round(known, digits) : null;

    private void Add(string name, bool isPart, double? gigaflops, Action run) => _works.Add((name, isPart, gigaflops, run, []));

    private static void Backward(Tensor output) => output.to(ScalarType.Float32).square().sum().backward();

    private void Repeat(Func<Tensor, Tensor> layer)
    {
        Tensor x = _tokens;
        for (int i = 0; i < Sizes.Depth; i++)
            x = layer(x);
        Backward(x);
    }

    private void Optimise()
    {
        _optimiser.ClipGradients(GradientClip);
        _optimiser.Step(LearningRate, step: 1);
        _optimiser.ClearGradients();
    }

    private void ComputeLogMels()
    {
        var logMel = new float[FrontEndSettings.MelBands * LogMelSpectrogram.FrameCount(_samples.Length)];
        for (int clip = 0; clip < Clips; clip++)
            _frontEnd.Compute(_samples, logMel);
    }

    private void InFloat32()
    {
        _network.UseBfloat16 = false;
        Backward(Losses.Pool(_network.Encoder.forward(_logMels)));
        _network.UseBfloat16 = BrainFloat.IsFast;
    }

    private void ByParts(GradientCache cache, int rows)
    {
        int threads = get_num_threads();
        set_num_threads(1);
        long[] sizes = [.. Enumerable.Repeat(0, Clips).Chunk(rows).Select(part => (long)part.Length)];
        GradientCache.Part[] parts = [.. sizes.Select((size, part) =>
            new GradientCache.Part((int)size, copy => copy.Encoder.forward(_logMels.narrow(0, part * rows, size))))];
        cache.Refresh();
        Tensor outputs = cache.ForwardToLearn(parts);
        Backward(Losses.Pool(outputs));
        cache.Backward(parts, outputs.grad!);
        set_num_threads(threads);
    }
}
