using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>An untrained encoder with the model's sizes and front end: the contribution of the architecture alone.</summary>
internal sealed class UntrainedFeature : IProbeFeature, IDisposable
{
    private readonly Encoder _encoder;
    private readonly LogMelSpectrogram _frontEnd;

    public UntrainedFeature(ModelInfo model, int seed)
    {
        random.manual_seed(seed);
        ModelEncoder sizes = model.Encoder;
        _encoder =
            new Encoder(new NetworkSizes(model.Name, sizes.Width, sizes.Depth, sizes.Heads, [], sizes.PatchEmbedding, sizes.TimePositions),
            new Precision());
        _encoder.eval();
        _frontEnd = new LogMelSpectrogram(new FrontEndSettings { Mean = model.FrontEnd.Mean,
            StandardDeviation = model.FrontEnd.StandardDeviation });
    }

    public string Name => "untrained";

    public bool SupportsTimePatchHead => true;

    public float[] Pooled(AudioClip clip)
    {
        using CollectionPause pause = CollectionPause.Begin();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return EncoderPatches.Compute(clip, _frontEnd, _encoder.forward).mean([0]).data<float>().ToArray();
    }

    public (float[] Rows, int Length) TimePatches(AudioClip clip)
    {
        using CollectionPause pause = CollectionPause.Begin();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor patches = EncoderPatches.Compute(clip, _frontEnd, _encoder.forward);
        return (patches.data<float>().ToArray(), (int)patches.shape[1]);
    }

    public void Dispose() => _encoder.Dispose();
}
