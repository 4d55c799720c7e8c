using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// A baseline without learning: the log-mel averaged over time, of the mix and of the recording alike. Its sequence, the average of every
/// 16 frames less the average over time, holds no timbre, only changes over time: it measures the gain of <see cref="AlignedAffinity"/>
/// from synchrony alone, without a model.
/// </summary>
internal sealed class MeanLogMelEmbedder : IRetrievalEmbedder
{
    private readonly LogMelSpectrogram _frontEnd = new();

    public RetrievalEmbedding Embed(AudioClip recording)
    {
        (float[] means, float[] patches) = ComputeMeans(recording);
        return new RetrievalEmbedding(LayerNormed.Compute(means), new EmbeddingSequence(patches, FrontEndSettings.MelBands));
    }

    /// <summary>
    /// Computes the mean of each band over time, [80], and that of every 16 frames less the mean over time, [time patches, 80].
    /// </summary>
    public (float[] Means, float[] TimePatches) ComputeMeans(AudioClip recording)
    {
        ReadOnlySpan<float> logMel = _frontEnd.Compute(recording.Resample(FrontEndSettings.SampleRate).Samples.Span);
        int frames = logMel.Length / FrontEndSettings.MelBands;
        const int patch = FrontEndSettings.PatchFrames;
        var means = new float[FrontEndSettings.MelBands];
        var patches = new float[(frames + patch - 1) / patch * FrontEndSettings.MelBands];
        for (int band = 0; band < means.Length; band++)
        {
            ReadOnlySpan<float> values = logMel.Slice(band * frames, frames);
            means[band] = TensorPrimitives.Sum(values) / frames;
            for (int start = 0; start < frames; start += patch)
            {
                ReadOnlySpan<float> part = values.Slice(start, Math.Min(patch, frames - start));
                patches[start / patch * FrontEndSettings.MelBands + band] = TensorPrimitives.Sum(part) / part.Length - means[band];
            }
        }
        return (means, patches);
    }

    public RetrievalEmbedding Predict(AudioClip mix, Stem missing) => Embed(mix);
}

/// <summary>A baseline: a random vector for every recording and mix.</summary>
internal sealed class RandomEmbedder(int seed) : IRetrievalEmbedder
{
    private readonly Random _random = new(seed);

    public RetrievalEmbedding Embed(AudioClip recording) => Draw();

    public RetrievalEmbedding Predict(AudioClip mix, Stem missing) => Draw();

    private RetrievalEmbedding Draw() => new([.. Enumerable.Range(0, 64).Select(_ => _random.NextSingle() - 0.5f)]);
}
