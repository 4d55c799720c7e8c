using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// The networks under training, by the paper's protocol (<see cref="EncoderColumns"/>): patches in time, and averaged over the time of the recording.
/// </summary>
internal sealed class NetworkEmbedder(StemJepaNetwork network, LogMelSpectrogram frontEnd) : IRetrievalEmbedder
{
    /// <summary>Before the predictor is trained: the encoder's own embedding of the mix is compared with that of the recording.</summary>
    public bool EncoderAlone { get; init; }

    public RetrievalEmbedding Embed(AudioClip recording) => Patches(recording, EncoderAlone ? network.Encoder.forward : network.TargetEncoder.forward);

    public RetrievalEmbedding Predict(AudioClip mix, Stem missing) => EncoderAlone ? Embed(mix) : Patches(mix, chunk =>
        network.Predictor.forward(network.Encoder.forward(chunk), full([chunk.shape[0]], (long)missing, ScalarType.Int64)));

    private RetrievalEmbedding Patches(AudioClip clip, Func<Tensor, Tensor> embed)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor columns = EncoderColumns.Of(clip, frontEnd, embed);
        float[] mean = columns.mean([0]).data<float>().ToArray();
        return new RetrievalEmbedding(LayerNormed.Of(mean), new EmbeddingSequence(columns.data<float>().ToArray(), mean.Length));
    }
}
