using BenchmarkDotNet.Attributes;
using StemJepa.Benchmarks.Comparison;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Reporting;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Benchmarks;

/// <summary>The log-mel of 8 s on one thread: ours against libtorch's transform, matrix product and logarithm.</summary>
[MemoryDiagnoser]
public class FrontEndBenchmarks
{
    private readonly LogMelSpectrogram _frontEnd = new();
    private readonly float[] _samples = Noise.Samples(8 * FrontEndSettings.SampleRate);
    private readonly TorchFrontEnd _rival = new();
    private float[] _logMel = [];
    private Tensor _audio = null!;

    [GlobalSetup]
    public void Setup()
    {
        _logMel = new float[FrontEndSettings.MelBands * LogMelSpectrogram.FrameCount(_samples.Length)];
        set_num_threads(1);
        _audio = tensor(_samples);
    }

    [Benchmark]
    public void Ours() => _frontEnd.Compute(_samples, _logMel);

    [Benchmark(Baseline = true)]
    public void Libtorch()
    {
        using var scope = NewDisposeScope();
        _rival.Compute(_audio);
    }
}

/// <summary>Calls of users, with the shipped model: one recording's embedding, and a ranking of existing embeddings.</summary>
[MemoryDiagnoser]
public class AffinityBenchmarks
{
    private const int Candidates = 1000;
    private readonly StemAffinity _model = StemAffinity.Create();
    private AudioClip _clip = null!;
    private StemEmbedding _prediction = null!;
    private StemEmbedding[] _candidates = [];

    [GlobalSetup]
    public void Setup()
    {
        _clip = Noise.Clip(8 * FrontEndSettings.SampleRate);
        _prediction = _model.Predict(_clip, Stem.Bass);
        _candidates = [.. Enumerable.Range(0, Candidates).Select(seed => NoiseEmbedding.Create(_model.Model, seed))];
    }

    [GlobalCleanup]
    public void Cleanup() => _model.Dispose();

    [Benchmark]
    public StemEmbedding Embed8Seconds() => _model.Embed(_clip);

    [Benchmark]
    public IReadOnlyList<RankedStem> Rank1000Embeddings() => _model.Rank(_prediction, _candidates);
}
