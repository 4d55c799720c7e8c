using StemJepa.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Export.Tests;

/// <summary>The training project's networks with random weights, and the file that holds them.</summary>
internal sealed class RandomWeights : IDisposable
{
    private readonly Generator _random;

    public RandomWeights(NetworkSizes sizes, ulong seed)
    {
        _random = new Generator(seed);
        Sizes = sizes;
        Encoder = Randomised(new Encoder(sizes, new Precision()));
        TargetEncoder = Randomised(new Encoder(sizes, new Precision()));
        Predictor = Randomised(new Predictor(sizes, new Precision()));
    }

    public NetworkSizes Sizes { get; }

    public Encoder Encoder { get; }

    public Encoder TargetEncoder { get; }

    public Predictor Predictor { get; }

    public void Save(string path, bool equalEncoders = false)
    {
        (string Prefix, nn.Module Network)[] networks =
            [("encoder.", Encoder), ("target_encoder.", equalEncoders ? Encoder : TargetEncoder), ("predictor.", Predictor)];
        var config = new WeightsConfig
        {
            Name = Sizes.Name,
            License = "MIT",
            Width = Sizes.Width,
            Depth = Sizes.Depth,
            Heads = Sizes.Heads,
            PredictorHidden = Sizes.PredictorHidden,
            PatchEmbedding = Sizes.PatchEmbedding,
            TimePositions = Sizes.TimePositions == TimePositions.Absolute ? null : Sizes.TimePositions,
            Mean = -7.5f,
            Std = 2.25f,
            Corpus = new ModelCorpus { Name = "noise", Songs = 3, Hours = 0.5, Steps = 12 },
            Metrics = new Dictionary<string, double> { ["recall@1"] = 0.25 },
        };
        SafetensorsFile.Write(path, networks.SelectMany(
            network => network.Network.state_dict().Select(item => Entry(network.Prefix + item.Key, item.Value))), config.ToMetadata());
    }

    public void Dispose()
    {
        Encoder.Dispose();
        TargetEncoder.Dispose();
        Predictor.Dispose();
        _random.Dispose();
    }

    public static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    /// <summary>Every tensor but the fixed positions becomes noise about its initial value; variances stay positive.</summary>
    private T Randomised<T>(T network) where T : nn.Module
    {
        using var noGradient = no_grad();
        foreach ((string name, Tensor tensor) in network.state_dict())
        {
            if (name.EndsWith("running_var", StringComparison.Ordinal))
                tensor.uniform_(0.3, 2, _random);
            else if (name != "pos_embed" && tensor.dtype == ScalarType.Float32)
                tensor.add_(randn(tensor.shape, generator: _random) * 0.1);
        }
        network.eval();
        return network;
    }

    private static SafetensorsEntry Entry(string name, Tensor tensor) => tensor.dtype == ScalarType.Int64
        ? new SafetensorsEntry(name, tensor.shape, tensor.data<long>().ToArray().AsMemory())
        : new SafetensorsEntry(name, tensor.shape, Values(tensor).AsMemory());
}
