using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>
/// The predictor: an MLP on each patch embedding of the mix with the learned vector of the missing stem appended, layer norm last (paper,
/// section 3.1). Not thread-safe.
/// </summary>
internal sealed class Predictor : nn.Module<Tensor, Tensor, Tensor>
{
    // TorchSharp registers fields under their names, so these are the names in weights files.
    private readonly Embedding source_embed;
    private readonly ModuleList<nn.Module<Tensor, Tensor>> blocks = new();
    private readonly LayerNorm norm;

    public Predictor(NetworkSizes sizes, Precision precision) : base(nameof(Predictor))
    {
        source_embed = nn.Embedding(sizes.Labels, sizes.Width);
        int inputs = 2 * sizes.Width;
        foreach (int hidden in sizes.PredictorHidden)
        {
            blocks.Add(new MixedLinear(inputs, hidden, precision));
            blocks.Add(nn.ReLU());
            inputs = hidden;
        }
        blocks.Add(new MixedLinear(inputs, sizes.Width, precision));
        norm = nn.LayerNorm(sizes.Width);
        if (sizes.PredictorHidden.Length > 0 && sizes.PredictorHidden.All(hidden => hidden >= 2 * sizes.Width))
            StartNearIdentity(sizes.Width);
        register_module("source_embed", source_embed);
        register_module("blocks", blocks);
        register_module("norm", norm);
    }

    /// <summary>
    /// Adds to the random weights those that pass a patch through unchanged, its positive and its negative part in separate channels: the
    /// JEPA stage then begins with what the contrastive stage has found, instead of with noise.
    /// </summary>
    private void StartNearIdentity(int width)
    {
        MixedLinear[] layers = [.. blocks.OfType<MixedLinear>()];
        for (int i = 0; i < layers.Length; i++)
        {
            using var scope = NewDisposeScope();
            Tensor one = eye(width);
            layers[i].AddToWeight(
                i == 0 ? cat([one, -one]) : i == layers.Length - 1 ? cat([one, -one], dim: 1) : eye(2 * width));
        }
    }

    /// <summary>Takes the stem's vector away for good: the same prediction for every missing stem.</summary>
    public void ForgetStem()
    {
        using var noGradient = no_grad();
        Tensor vectors = source_embed.weight!;
        vectors.zero_();
        vectors.requires_grad = false;
    }

    /// <summary>
    /// Predicts [batch, 5, time, width] from patches of that shape and the missing stems: their numbers [batch], or weights of the stems'
    /// vectors [batch, labels] for mixes of several, which are trained with the mean of their vectors.
    /// </summary>
    public override Tensor forward(Tensor patches, Tensor stem)
    {
        long[] shape = patches.shape;
        Tensor label = Vectors(stem).view(shape[0], 1, 1, -1).expand(shape[0], shape[1], shape[2], -1);
        Tensor x = cat([patches, label], dim: -1);
        foreach (nn.Module<Tensor, Tensor> block in blocks)
            x = block.forward(x);
        return norm.forward(x.to(ScalarType.Float32));
    }

    private Tensor Vectors(Tensor stem) =>
        stem.dtype == ScalarType.Int64 ? source_embed.forward(stem) : stem.matmul(source_embed.weight!);
}
