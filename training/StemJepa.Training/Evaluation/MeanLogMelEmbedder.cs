using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>A baseline: the log-mel averaged over time, of the mix and of the recording alike.</summary>
internal sealed class MeanLogMelEmbedder : IRetrievalEmbedder
{
    private readonly LogMelSpectrogram frontEnd = new();

    public RetrievalEmbedding Embed(AudioClip recording)
    {
        ReadOnlySpan<float> logMel = frontEnd.Compute(recording.Resample(FrontEndSettings.SampleRate).Samples.Span);
        int frames = logMel.Length / FrontEndSettings.MelBands;
        var means = new float[FrontEndSettings.MelBands];
        for (int band = 0; band < means.Length; band++)
            means[band] = TensorPrimitives.Sum(logMel.Slice(band * frames, frames)) / frames;
        return new RetrievalEmbedding(LayerNormed.Of(means));
    }

    public RetrievalEmbedding Predict(AudioClip mix, Stem missing) => Embed(mix);
}
