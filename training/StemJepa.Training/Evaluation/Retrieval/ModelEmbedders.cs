using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// The networks under training, by the paper's protocol (<see cref="EncoderPatches"/>): patches in time, and averaged over the time of the
/// recording.
/// </summary>
internal sealed class NetworkEmbedder(StemJepaNetwork network, LogMelSpectrogram frontEnd) : IRetrievalEmbedder
{
    /// <summary>Before the predictor is trained: the encoder's own embedding of the mix is compared with that of the recording.</summary>
    public bool EncoderAlone { get; init; }

    public RetrievalEmbedding Embed(AudioClip recording) =>
        Patches(recording, EncoderAlone ? network.Encoder.forward : network.TargetEncoder.forward);

    public RetrievalEmbedding Predict(AudioClip mix, Stem missing) => EncoderAlone ? Embed(mix) : Patches(mix, chunk =>
        network.Predictor.forward(network.Encoder.forward(chunk), full([chunk.shape[0]], missing.Role, ScalarType.Int64)));

    private RetrievalEmbedding Patches(AudioClip clip, Func<Tensor, Tensor> embed)
    {
        using CollectionPause pause = CollectionPause.Begin();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor patches = EncoderPatches.Compute(clip, frontEnd, embed);
        float[] mean = patches.mean([0]).data<float>().ToArray();
        return new RetrievalEmbedding(LayerNormed.Compute(mean), new EmbeddingSequence(patches.data<float>().ToArray(), mean.Length));
    }
}

/// <summary>A model as users run it: exported, through the library.</summary>
internal sealed class ModelEmbedder(StemAffinity model) : IRetrievalEmbedder
{
    public RetrievalEmbedding Embed(AudioClip recording)
    {
        var patches = new PatchSequence();
        return ToRetrieval(model.Embed(recording.OpenReader(), patches), patches);
    }

    public RetrievalEmbedding Predict(AudioClip mix, Stem missing)
    {
        var patches = new PatchSequence();
        return ToRetrieval(model.Predict(mix.OpenReader(), missing, patches), patches);
    }

    private static RetrievalEmbedding ToRetrieval(StemEmbedding mean, PatchSequence patches) => new(
        LayerNormed.Compute(mean.Vector.Span), new EmbeddingSequence(patches.Values, patches.PatchLength));
}
