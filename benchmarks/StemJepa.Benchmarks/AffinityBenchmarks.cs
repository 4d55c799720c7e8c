using BenchmarkDotNet.Attributes;

namespace StemJepa.Benchmarks;

/// <summary>What users wait for, with the shipped model: one recording's embedding, and a ranking of embeddings made before.</summary>
[MemoryDiagnoser]
public class AffinityBenchmarks
{
    private const int Candidates = 1000;
    private readonly StemAffinity model = StemAffinity.Create();
    private AudioClip clip = null!;
    private StemEmbedding prediction = null!;
    private StemEmbedding[] candidates = [];

    [GlobalSetup]
    public void Setup()
    {
        clip = Noise.Clip(8 * FrontEndSettings.SampleRate);
        prediction = model.Predict(clip, Stem.Bass);
        candidates = [.. Enumerable.Range(0, Candidates).Select(seed => Embeddings.Noise(model.Model, seed))];
    }

    [GlobalCleanup]
    public void Cleanup() => model.Dispose();

    [Benchmark]
    public StemEmbedding Embed8Seconds() => model.Embed(clip);

    [Benchmark]
    public IReadOnlyList<RankedStem> Rank1000Embeddings() => model.Rank(prediction, candidates);
}
