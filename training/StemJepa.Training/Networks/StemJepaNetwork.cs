using System.Text.Json.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>The encoder, its moving average (the target encoder) and the predictor. Not thread-safe.</summary>
internal sealed class StemJepaNetwork : nn.Module
{
    private readonly Precision _precision = new();

    public StemJepaNetwork(NetworkSizes sizes) : base(nameof(StemJepaNetwork))
    {
        Sizes = sizes;
        Encoder = new Encoder(sizes, _precision);
        TargetEncoder = new Encoder(sizes, _precision);
        Predictor = new Predictor(sizes, _precision);
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
        get => _precision.UseBfloat16;
        set => _precision.UseBfloat16 = value;
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

/// <summary>The sizes of the encoder and the predictor.</summary>
/// <param name="Name">Name of the preset, or <c>custom</c>.</param>
/// <param name="Width">Channels of a patch embedding; a multiple of 4 and of <paramref name="Heads"/>.</param>
/// <param name="Depth">Transformer blocks of the encoder.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="PredictorHidden">Hidden widths of the predictor.</param>
/// <param name="PatchEmbedding">How patches are embedded.</param>
/// <param name="TimePositions">How the encoder knows the order of patches; the paper's is absolute.</param>
internal sealed record NetworkSizes(
    string Name, int Width, int Depth, int Heads, int[] PredictorHidden, PatchEmbedding PatchEmbedding,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] TimePositions TimePositions = TimePositions.Absolute)
{
    /// <summary>Number of the predictor's labels: the four roles, and the families of the experiment.</summary>
    [JsonIgnore]
    public int Labels { get; init; } = 4;

    /// <summary>The paper's configuration (section 3.2).</summary>
    public static NetworkSizes Base { get; } = new("base", 768, 12, 12, [1024, 1024, 1024, 1024, 1024], PatchEmbedding.Linear);

    /// <summary>The configuration that the package ships.</summary>
    public static NetworkSizes Small { get; } = new("small", 128, 4, 4, [256, 256, 256], PatchEmbedding.Convolutional);

    /// <summary>The preset of that name.</summary>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static NetworkSizes Preset(string name) => name switch
    {
        "base" => Base,
        "small" => Small,
        _ => throw new ArgumentException($"There is no preset '{name}': use base or small."),
    };
}
