using System.Diagnostics;
using MathNet.Numerics.Statistics;
using StemJepa.Benchmarks.Comparison;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Networks;
using StemJepa.Training.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Benchmarks;

/// <summary>
/// Clips a second that training gets through, forward and backward, and the share of the processor's bfloat16 matrix rate that this is: the
/// batch as a whole on libtorch's threads, against small parts with gradient caching. Interleaved in one process; medians.
/// </summary>
internal static class TrainingThroughput
{
    private const int Clips = 320, Frames = 400, RowsOfPart = 20, Rounds = 5;

    private sealed record Row(string Name, double ClipsPerSecond, double GigaflopsPerSecond, double OfGemmPeak);

    private sealed record Report(double GemmPeakGigaflops, string Batch, IReadOnlyList<Row> Rows, Provenance Measured);

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ([] or ["--json", _]))
        {
            await Console.Error.WriteLineAsync("training [--json FILE]");
            return 2;
        }
        manual_seed(1);
        NetworkSizes sizes = NetworkSizes.Small;
        using var network = new StemJepaNetwork(sizes) { UseBfloat16 = BrainFloat.IsFast };
        using var cache = new GradientCache(network, Environment.ProcessorCount);
        Tensor logMels = randn(Clips, FrontEndSettings.MelBands, Frames);
        GradientCache.Part[] parts = [.. Enumerable.Range(0, Clips / RowsOfPart).Select(part =>
            new GradientCache.Part(RowsOfPart, copy => copy.Encoder.forward(logMels.narrow(0, part * RowsOfPart, RowsOfPart))))];
        var peak = new List<double>();
        var whole = new List<double>();
        var cached = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            peak.Add(MachineLimits.TorchGemmGigaflopsPerSecond(Environment.ProcessorCount, BrainFloat.IsFast ? ScalarType.BFloat16 : ScalarType.Float32));
            whole.Add(Seconds(() => Losses.Pool(network.Encoder.forward(logMels)).square().sum().backward()));
            set_num_threads(1);
            cached.Add(Seconds(() =>
            {
                cache.Refresh();
                Tensor outputs = cache.Forward(parts).requires_grad_(true);
                Losses.Pool(outputs).square().sum().backward();
                cache.Backward(parts, outputs.grad!);
            }));
            network.zero_grad();
        }
        double limit = peak.Max(), work = 3 * EncoderDuels.Gigaflops(sizes, windows: 1, Frames);
        Row Of(string name, List<double> seconds)
        {
            double rate = Clips / seconds.Median();
            return new Row(name, Math.Round(rate, 1), Math.Round(rate * work, 1), Math.Round(rate * work / limit, 3));
        }
        var report = new Report(
            Math.Round(limit, 1), $"{Clips} clips of {Frames / 100.0} s, {sizes.Width} wide, {sizes.Depth} deep",
            [Of("whole batch", whole), Of("gradient caching", cached)], await Provenance.HereAsync());
        Console.WriteLine(ResultsJson.Text(report));
        if (args is ["--json", var file])
            ResultsJson.Write(file, report);
        return 0;
    }

    private static double Seconds(Action work)
    {
        using var scope = NewDisposeScope();
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }
}
