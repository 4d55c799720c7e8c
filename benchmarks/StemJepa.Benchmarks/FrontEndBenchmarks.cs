using BenchmarkDotNet.Attributes;
using StemJepa.Benchmarks.Comparison;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Benchmarks;

/// <summary>The log-mel of 8 s on one thread: ours against libtorch's transform, matrix product and logarithm.</summary>
[MemoryDiagnoser]
public class FrontEndBenchmarks
{
    private readonly LogMelSpectrogram frontEnd = new();
    private readonly float[] samples = Noise.Samples(8 * FrontEndSettings.SampleRate);
    private readonly TorchFrontEnd rival = new();
    private float[] logMel = [];
    private Tensor audio = null!;

    [GlobalSetup]
    public void Setup()
    {
        logMel = new float[FrontEndSettings.MelBands * LogMelSpectrogram.FrameCount(samples.Length)];
        set_num_threads(1);
        audio = tensor(samples);
    }

    [Benchmark]
    public void Ours() => frontEnd.Compute(samples, logMel);

    [Benchmark(Baseline = true)]
    public void Libtorch()
    {
        using var scope = NewDisposeScope();
        rival.Compute(audio);
    }
}
