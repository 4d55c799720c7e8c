using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>The losses of both stages.</summary>
internal static class Losses
{
    private const float Masked = -1e9f;

    /// <summary>
    /// The paper's regression loss (section 3.1): each target patch is standardised over its channels (unbiased variance + 1e-6), and 2 - 2
    /// cos of prediction and target is averaged over patches. Both are [batch, 5, time, width]. With an alignment, only the patches that
    /// the two windows share are compared, and all of them count alike.
    /// </summary>
    public static Tensor Regression(Tensor prediction, Tensor target, TimeAlignment? alignment = null)
    {
        if (alignment is not null)
            target = alignment.Apply(target.transpose(1, 2)).transpose(1, 2);
        Tensor centred = target - target.mean([-1], keepdim: true);
        Tensor standardised = centred / (target.var(dim: -1, unbiased: true, keepdim: true) + 1e-6).sqrt();
        Tensor distances = 2 - 2 * nn.functional.cosine_similarity(prediction, standardised, dim: -1, eps: 1e-8);
        return alignment is null
            ? distances.mean()
            : (distances.mean([1]) * alignment.Shared).sum() / alignment.Shared.sum();
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
        Tensor normed = TimePatches(patches);
        return (normed / Math.Sqrt(normed.shape[1])).flatten(1);
    }

    /// <summary>
    /// The targets' part of a comparison in time with <see cref="Sequence"/> where windows begin at other times: the product with the
    /// sequence of a context is the mean of the cosines over the patches that target and its own context share. From and to [batch, time,
    /// 5 x width] and [batch, time x 5 x width].
    /// </summary>
    public static Tensor AlignedSequence(Tensor timePatches, TimeAlignment alignment)
    {
        Tensor weights = alignment.Shared * Math.Sqrt(timePatches.shape[1]) / alignment.Shared.sum(1, keepdim: true);
        return (alignment.Apply(timePatches) * weights.unsqueeze(2)).flatten(1);
    }

    /// <summary>Each time patch layer-normed, of unit length: [batch, time, 5 x width].</summary>
    public static Tensor TimePatches(Tensor patches)
    {
        Tensor inTime = patches.permute(0, 2, 1, 3).flatten(2);
        return nn.functional.normalize(nn.functional.layer_norm(inTime, [inTime.shape[2]]), p: 2, dim: 2);
    }

    /// <summary>
    /// Shift contrast: the predicted time patches must tell by how many patches the recording's window began later, among all shifts of up
    /// to <paramref name="range"/> either way. The logit of a shift is the mean, over the patches that it leaves in common, of the cosines
    /// between prediction and recording, over the temperature. Both are results of <see cref="TimePatches"/>.
    /// </summary>
    /// <param name="predictions">[batch, time, 5 x width].</param>
    /// <param name="targets">[batch, time, 5 x width].</param>
    /// <param name="shifts">The right shift of each pair, within the range.</param>
    /// <param name="range">Less than the time patches.</param>
    /// <param name="temperature">Greater than 0.</param>
    public static Tensor ShiftContrast(Tensor predictions, Tensor targets, int[] shifts, int range, double temperature)
    {
        int time = (int)predictions.shape[1];
        Tensor cosines = predictions.matmul(targets.transpose(1, 2)).to(ScalarType.Float32).flatten(1);
        Tensor logits = cosines.matmul(MeansOfDiagonals(time, range)) / temperature;
        return nn.functional.cross_entropy(logits, tensor([.. shifts.Select(shift => (long)shift + range)]));
    }

    /// <summary>[time x time, 2 x range + 1]: what averages the diagonals t - u = -range..range of a matrix [t, u].</summary>
    private static Tensor MeansOfDiagonals(int time, int range)
    {
        int shifts = 2 * range + 1;
        var weights = new float[time * time * shifts];
        for (int t = 0; t < time; t++)
        for (int u = Math.Max(0, t - range); u <= Math.Min(time - 1, t + range); u++)
            weights[(t * time + u) * shifts + t - u + range] = 1f / (time - Math.Abs(t - u));
        return tensor(weights, [time * time, shifts]);
    }

    /// <summary>InfoNCE in both directions between rows that belong together; both are [batch, length], of unit length.</summary>
    /// <param name="predictions">[batch, length].</param>
    /// <param name="targets">[batch, length].</param>
    /// <param name="temperature">Greater than 0.</param>
    /// <param name="repeats">[batch, batch], 1 where two targets are the same music, so that neither is a negative of the other.</param>
    /// <param name="smoothing">Share of the right answer's probability that is spread over all answers.</param>
    public static Tensor InfoNce(Tensor predictions, Tensor targets, double temperature, Tensor? repeats = null, double smoothing = 0)
    {
        Tensor logits = predictions.matmul(targets.t()).to(ScalarType.Float32) / temperature;
        if (repeats is not null)
            logits = logits + repeats * Masked;
        if (smoothing > 0)
            return (Smoothed(logits, repeats, smoothing) + Smoothed(logits.t(), repeats, smoothing)) / 2;
        Tensor partners = arange(logits.shape[0], ScalarType.Int64);
        return (nn.functional.cross_entropy(logits, partners) + nn.functional.cross_entropy(logits.t(), partners)) / 2;
    }

    /// <summary>Cross entropy against the diagonal with label smoothing over the answers that are not masked.</summary>
    private static Tensor Smoothed(Tensor logits, Tensor? repeats, double smoothing)
    {
        Tensor allowed = 1 - (repeats ?? zeros_like(logits)), logProbability = nn.functional.log_softmax(logits, dim: 1);
        Tensor spread = (logProbability * allowed).sum(1) / allowed.sum(1);
        return -((1 - smoothing) * logProbability.diagonal() + smoothing * spread).mean();
    }

    /// <summary>
    /// The contrastive stage's loss. Embeddings are [5, windows, length] of unit length: four stems and a mix. Every active stem must pick
    /// its partner of each other kind among all windows' stems of that kind, and every mix its missing stems likewise (InfoNCE), so that
    /// distinguishing kinds of stems does not lower the loss.
    /// </summary>
    /// <param name="embeddings">[5, windows, length].</param>
    /// <param name="active">[5, windows], 1 where the row is to be used.</param>
    /// <param name="inMix">[4, windows], 1 where the stem is part of the window's mix.</param>
    /// <param name="temperature">Greater than 0.</param>
    /// <param name="repeats">
    /// [4, windows, windows], 1 where two windows have the same music in a stem, so that neither is a negative of the other.
    /// </param>
    public static Tensor AcrossStems(Tensor embeddings, Tensor active, Tensor inMix, double temperature, Tensor? repeats = null)
    {
        long windows = embeddings.shape[1];
        Tensor stems = embeddings.narrow(0, 0, 4), stemActive = active.narrow(0, 0, 4);
        Tensor logits = einsum("avd,bwd->abvw", embeddings, stems).to(ScalarType.Float32) / temperature;
        logits = logits + (1 - stemActive).view(1, 4, 1, windows) * Masked;
        if (repeats is not null)
            logits = logits + repeats.unsqueeze(0) * Masked;
        Tensor own = nn.functional.log_softmax(logits, dim: -1).diagonal(0, 2, 3);
        Tensor otherStem = 1 - eye(4).view(4, 4, 1);
        Tensor stemPairs = otherStem * stemActive.view(4, 1, windows) * stemActive.view(1, 4, windows);
        Tensor mixPairs = (active.narrow(0, 4, 1) * stemActive * (1 - inMix)).unsqueeze(0);
        return (Average(own.narrow(0, 0, 4), stemPairs) + Average(own.narrow(0, 4, 1), mixPairs)) / 2;
    }

    private static Tensor Average(Tensor logProbability, Tensor weights) => -(logProbability * weights).sum() / weights.sum().clamp_min(1);
}
