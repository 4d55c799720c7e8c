using StemJepa.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>What users call, with the shipped model: from a clip to its embedding, and a ranking of embeddings made before.</summary>
internal static class PathDuels
{
    private const int Candidates = 1000;

    public static IEnumerable<DuelPlan> All(Workshop workshop)
    {
        var model = new Lazy<StemAffinity>(() => workshop.Keep(StemAffinity.Create()));
        foreach (int seconds in new[] { 8, 300 })
            yield return new DuelPlan($"embed {seconds} s", () => Embedding(workshop, model.Value, seconds));
        yield return new DuelPlan($"rank {Candidates} embeddings", () => Ranking(model.Value));
    }

    private static Duel Embedding(Workshop workshop, StemAffinity model, int seconds)
    {
        AudioClip clip = Noise.Clip(seconds * FrontEndSettings.SampleRate);
        StemJepaNetwork rival = workshop.Keep(new StemJepaNetwork(NetworkSizes.Small));
        rival.eval();
        var frontEnd = new TorchFrontEnd();
        Tensor audio = tensor(clip.Samples.ToArray());
        return new Duel("libtorch", () => model.Embed(clip), () =>
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            Tensor logMel = frontEnd.Compute(audio);
            const int frames = PatchGrid.MaxTimePatches * PatchGrid.PatchSize;
            long windows = logMel.shape[1] / frames;
            Tensor batch = logMel.narrow(1, 0, windows * frames).view(FrontEndSettings.MelBands, windows, frames).transpose(0, 1);
            rival.TargetEncoder.forward(batch).mean([0, 2]).flatten();
        }) { Gigaflops = EncoderDuels.Gigaflops(NetworkSizes.Small, 1) * seconds / 8 };
    }

    /// <summary>The rival normalises and compares each candidate by itself, as one writes it with System.Numerics.Tensors.</summary>
    private static Duel Ranking(StemAffinity model)
    {
        StemEmbedding prediction = Embeddings.Noise(model.Model, seed: 0);
        StemEmbedding[] candidates = [.. Enumerable.Range(1, Candidates).Select(seed => Embeddings.Noise(model.Model, seed))];
        return new Duel("TensorPrimitives.CosineSimilarity", () => model.Rank(prediction, candidates), () =>
            _ = candidates.Select((candidate, index) => (index, TensorPrimitives.CosineSimilarity(prediction.Vector.Span, candidate.Vector.Span)))
                .OrderByDescending(item => item.Item2).ToArray()) { Threads = 1 };
    }
}
