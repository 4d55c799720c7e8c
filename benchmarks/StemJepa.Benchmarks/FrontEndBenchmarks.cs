using BenchmarkDotNet.Attributes;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Benchmarks;

/// <summary>The log-mel of 8 s on one thread: ours against libtorch's transform, matrix product and logarithm.</summary>
[MemoryDiagnoser]
public class FrontEndBenchmarks
{
    private readonly LogMelSpectrogram frontEnd = new();
    private readonly float[] samples = new float[8 * FrontEndSettings.SampleRate];
    private float[] logMel = [];
    private Tensor audio = null!, window = null!, filters = null!;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (int i = 0; i < samples.Length; i++)
            samples[i] = 2 * random.NextSingle() - 1;
        logMel = new float[FrontEndSettings.MelBands * LogMelSpectrogram.FrameCount(samples.Length)];
        set_num_threads(1);
        audio = tensor(samples);
        window = hann_window(FrontEndSettings.FftSize, periodic: true);
        filters = rand(FrontEndSettings.MelBands, FrontEndSettings.Bins);
    }

    [Benchmark]
    public void Ours() => frontEnd.Compute(samples, logMel);

    [Benchmark(Baseline = true)]
    public void Libtorch()
    {
        using var scope = NewDisposeScope();
        Tensor spectrum = stft(audio, FrontEndSettings.FftSize, FrontEndSettings.Hop, FrontEndSettings.FftSize, window, return_complex: true);
        Tensor power = spectrum.abs().pow_(2);
        filters.matmul(power).add_(FrontEndSettings.LogOffset).log_();
    }
}
