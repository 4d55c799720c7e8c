using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>The losses of both stages.</summary>
internal static class Losses
{
    private const float Masked = -1e9f;

    /// <summary>
    /// The paper's regression loss (section 3.1): each target patch is standardised over its channels (unbiased variance + 1e-6), and 2 - 2
    /// cos of prediction and target is averaged over patches. Both are [batch, 5, time, width].
    /// </summary>
    public static Tensor Regression(Tensor prediction, Tensor target)
    {
        Tensor centred = target - target.mean([-1], keepdim: true);
        Tensor standardised = centred / (target.var(dim: -1, unbiased: true, keepdim: true) + 1e-6).sqrt();
        return (2 - 2 * nn.functional.cosine_similarity(prediction, standardised, dim: -1, eps: 1e-8)).mean();
    }

    /// <summary>
    /// The embedding that retrieval compares: patches averaged over time, layer-normed, of unit length: [batch, 5 x width].
    /// </summary>
    public static Tensor Pool(Tensor patches)
    {
        Tensor pooled = patches.mean([2]).flatten(1);
        return nn.functional.normalize(nn.functional.layer_norm(pooled, [pooled.shape[1]]), p: 2, dim: 1);
    }

    /// <summary>
    /// The embedding in time (frame-wise): each time patch layer-normed, of unit length, and scaled so that the product of two sequences is
    /// the mean over time of the cosines: [batch, time x 5 x width].
    /// </summary>
    public static Tensor Sequence(Tensor patches)
    {
        Tensor inTime = patches.permute(0, 2, 1, 3).flatten(2);
        Tensor normed = nn.functional.normalize(nn.functional.layer_norm(inTime, [inTime.shape[2]]), p: 2, dim: 2);
        return (normed / Math.Sqrt(inTime.shape[1])).flatten(1);
    }

    /// <summary>InfoNCE in both directions between rows that belong together; both are [batch, length], of unit length.</summary>
    public static Tensor InfoNce(Tensor predictions, Tensor targets, double temperature)
    {
        Tensor logits = predictions.matmul(targets.t()).to(ScalarType.Float32) / temperature;
        Tensor partners = arange(logits.shape[0], ScalarType.Int64);
        return (nn.functional.cross_entropy(logits, partners) + nn.functional.cross_entropy(logits.t(), partners)) / 2;
    }

    /// <summary>
    /// The contrastive stage's loss. Embeddings are [5, windows, length] of unit length: four stems and a mix. Every active stem must pick
    /// its partner of each other kind among all windows' stems of that kind, and every mix its missing stems likewise (InfoNCE), so that
    /// distinguishing kinds of stems does not lower the loss.
    /// </summary>
    /// <param name="active">[5, windows], 1 where the row is to be used.</param>
    /// <param name="inMix">[4, windows], 1 where the stem is part of the window's mix.</param>
    public static Tensor AcrossStems(Tensor embeddings, Tensor active, Tensor inMix, double temperature)
    {
        long windows = embeddings.shape[1];
        Tensor stems = embeddings.narrow(0, 0, 4), stemActive = active.narrow(0, 0, 4);
        Tensor logits = einsum("avd,bwd->abvw", embeddings, stems).to(ScalarType.Float32) / temperature;
        logits = logits + (1 - stemActive).view(1, 4, 1, windows) * Masked;
        Tensor own = nn.functional.log_softmax(logits, dim: -1).diagonal(0, 2, 3);
        Tensor otherStem = 1 - eye(4).view(4, 4, 1);
        Tensor stemPairs = otherStem * stemActive.view(4, 1, windows) * stemActive.view(1, 4, windows);
        Tensor mixPairs = (active.narrow(0, 4, 1) * stemActive * (1 - inMix)).unsqueeze(0);
        return (Average(own.narrow(0, 0, 4), stemPairs) + Average(own.narrow(0, 4, 1), mixPairs)) / 2;
    }

    private static Tensor Average(Tensor logProbability, Tensor weights) => -(logProbability * weights).sum() / weights.sum().clamp_min(1);
}
