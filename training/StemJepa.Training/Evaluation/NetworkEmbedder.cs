using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// The networks under training, by the paper's protocol: chunks of 800 frames, the tail padded with zeros to whole patches, patches
/// also averaged over the time of the recording.
/// </summary>
internal sealed class NetworkEmbedder(StemJepaNetwork network, LogMelSpectrogram frontEnd) : IRetrievalEmbedder
{
    private const int ChunkFrames = PatchGrid.MaxTimePatches * PatchGrid.PatchSize;

    /// <summary>Before the predictor is trained: the encoder's own embedding of the mix is compared with that of the recording.</summary>
    public bool EncoderAlone { get; init; }

    public RetrievalEmbedding Embed(AudioClip recording) => Patches(recording, EncoderAlone ? network.Encoder.forward : network.TargetEncoder.forward);

    public RetrievalEmbedding Predict(AudioClip mix, Stem missing) => EncoderAlone ? Embed(mix) : Patches(mix, chunk =>
        network.Predictor.forward(network.Encoder.forward(chunk), full([chunk.shape[0]], (long)missing, ScalarType.Int64)));

    private RetrievalEmbedding Patches(AudioClip clip, Func<Tensor, Tensor> embed)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        float[] logMel = frontEnd.Compute(clip.Resample(FrontEndSettings.SampleRate).Samples.Span);
        Tensor frames = tensor(logMel, [1, FrontEndSettings.MelBands, logMel.Length / FrontEndSettings.MelBands]);
        long count = frames.shape[2], padded = (count + PatchGrid.PatchSize - 1) / PatchGrid.PatchSize * PatchGrid.PatchSize;
        frames = nn.functional.pad(frames, [0, padded - count]);
        var chunks = new List<Tensor>();
        for (long start = 0; start < padded; start += ChunkFrames)
            chunks.Add(embed(frames.narrow(2, start, Math.Min(ChunkFrames, padded - start))).to(ScalarType.Float32));
        Tensor columns = cat(chunks, 2).permute(0, 2, 1, 3).flatten(2).squeeze(0).contiguous();
        float[] mean = columns.mean([0]).data<float>().ToArray();
        return new RetrievalEmbedding(LayerNormed.Of(mean), new EmbeddingSequence(columns.data<float>().ToArray(), mean.Length));
    }
}
