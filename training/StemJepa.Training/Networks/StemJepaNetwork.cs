using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>The encoder, its moving average (the target encoder) and the predictor. Not thread-safe.</summary>
internal sealed class StemJepaNetwork : nn.Module
{
    private readonly Precision precision = new();

    public StemJepaNetwork(NetworkSizes sizes) : base(nameof(StemJepaNetwork))
    {
        Sizes = sizes;
        Encoder = new Encoder(sizes, precision);
        TargetEncoder = new Encoder(sizes, precision);
        Predictor = new Predictor(sizes, precision);
        register_module("encoder", Encoder);
        register_module("target_encoder", TargetEncoder);
        register_module("predictor", Predictor);
        foreach (var parameter in TargetEncoder.parameters())
            parameter.requires_grad = false;
        CopyEncoderToTarget();
    }

    public NetworkSizes Sizes { get; }

    public Encoder Encoder { get; }

    public Encoder TargetEncoder { get; }

    public Predictor Predictor { get; }

    /// <summary>Whether matrix products run in bfloat16; weights are float32 in any case.</summary>
    public bool UseBfloat16
    {
        get => precision.UseBfloat16;
        set => precision.UseBfloat16 = value;
    }

    public void CopyEncoderToTarget() => UpdateTarget(tau: 0);

    /// <summary>Moves the target encoder towards the encoder: target = tau x target + (1 - tau) x encoder; buffers are copied.</summary>
    public void UpdateTarget(double tau)
    {
        using var noGradient = no_grad();
        foreach (var (target, source) in TargetEncoder.parameters().Zip(Encoder.parameters()))
            target.lerp_(source, 1 - tau);
        foreach (var (target, source) in TargetEncoder.buffers().Zip(Encoder.buffers()))
            target.copy_(source);
    }
}
