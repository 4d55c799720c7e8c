using StemJepa.Benchmarks.Measuring;
using StemJepa.Reporting;
using StemJepa.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>Calls of users, with the shipped model: from a clip to its embedding, and a ranking of existing embeddings.</summary>
internal static class EmbeddingComparisons
{
    private const int Candidates = 1000;

    /// <summary>Lists the comparisons.</summary>
    public static IEnumerable<ComparisonPlan> All(Fixture fixture)
    {
        var model = new Lazy<StemAffinity>(() => fixture.Own(StemAffinity.Create()));
        foreach (int seconds in new[] { 8, 300 })
            yield return new ComparisonPlan($"embed {seconds} s", "libtorch", () => Embedding(fixture, model.Value, seconds));
        yield return new ComparisonPlan($"rank {Candidates} embeddings", "TensorPrimitives.CosineSimilarity", () => Ranking(model.Value));
    }

    private static PreparedComparison Embedding(Fixture fixture, StemAffinity model, int seconds)
    {
        AudioClip clip = Noise.Clip(seconds * FrontEndSettings.SampleRate);
        StemJepaNetwork rival = fixture.Own(new StemJepaNetwork(NetworkSizes.Small));
        rival.eval();
        var frontEnd = new TorchFrontEnd();
        Tensor audio = tensor(clip.Samples.ToArray());
        return new PreparedComparison(() => model.Embed(clip), () =>
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            Tensor logMel = frontEnd.Compute(audio);
            const int frames = PatchGrid.MaxTimePatches * PatchGrid.PatchSize;
            long windows = logMel.shape[1] / frames;
            Tensor batch = logMel.narrow(1, 0, windows * frames).view(FrontEndSettings.MelBands, windows, frames).transpose(0, 1);
            rival.TargetEncoder.forward(batch).mean([0, 2]).flatten();
        }) { Gigaflops = EncoderComparisons.Gigaflops(NetworkSizes.Small, 1) * seconds / 8 };
    }

    /// <summary>The rival compares each candidate separately, as one writes it with System.Numerics.Tensors.</summary>
    private static PreparedComparison Ranking(StemAffinity model)
    {
        StemEmbedding prediction = NoiseEmbedding.Create(model.Model, seed: 0);
        StemEmbedding[] candidates = [.. Enumerable.Range(1, Candidates).Select(seed => NoiseEmbedding.Create(model.Model, seed))];
        return new PreparedComparison(() => model.Rank(prediction, candidates), () =>
            _ = candidates.Select(
                (candidate, index) => (index, TensorPrimitives.CosineSimilarity(prediction.Vector.Span, candidate.Vector.Span)))
                .OrderByDescending(item => item.Item2).ToArray()) { Threads = 1 };
    }
}
