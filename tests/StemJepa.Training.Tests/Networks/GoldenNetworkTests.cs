using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Networks;
using StemJepa.Training.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Networks;

/// <summary>The networks with the official weights against the outputs of the published PyTorch implementation.</summary>
public sealed class GoldenNetworkTests : IDisposable
{
    private const float Tolerance = 1e-4f;
    private static readonly NetworkSizes Sizes = new("golden", 64, 2, 4, [96, 96], PatchEmbedding.Linear);
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly StemJepaNetwork _network = new(Sizes);

    public GoldenNetworkTests()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Golden.PathOf("official.safetensors"));
        WeightsFile.Load(file, _network.state_dict());
        _network.eval();
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Golden_names_and_shapes_are_those_of_the_networks()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Golden.PathOf("official.safetensors"));
        Assert.Equal(file.Tensors.Select(tensor => tensor.Name).Order(), _network.state_dict().Keys.Order());
    }

    [Fact]
    public void Golden_positions() => AssertClose(_network.Encoder.state_dict()["pos_embed"], PatchGrid.Positions(Sizes.Width), 1e-6f);

    [Fact]
    public void Golden_encoder_800_frames() =>
        AssertClose(GoldenTensor("encoder_800.npy"), _network.Encoder.forward(GoldenLogMels().narrow(2, 0, 800)), Tolerance);

    [Fact]
    public void Golden_encoder_tail_of_16_frames() =>
        AssertClose(GoldenTensor("encoder_tail16.npy"),
            _network.Encoder.forward(nn.functional.pad(GoldenLogMels().narrow(2, 800, 1), [0, 15])), Tolerance);

    [Fact]
    public void Golden_predictor()
    {
        Tensor mix = _network.Encoder.forward(GoldenLogMels().narrow(2, 0, 800)).narrow(0, 0, 1).expand(4, -1, -1, -1);
        AssertClose(GoldenTensor("predictor_800.npy"), _network.Predictor.forward(mix, arange(4, ScalarType.Int64)), Tolerance);
    }

    [Fact]
    public void Golden_loss_of_vocals()
    {
        Tensor logMels = GoldenLogMels().narrow(2, 0, 800);
        Tensor prediction = _network.Predictor.forward(_network.Encoder.forward(logMels.narrow(0, 0, 1)), full([1], 3, ScalarType.Int64));
        Tensor target = _network.TargetEncoder.forward(logMels.narrow(0, 1, 1));
        Assert.Equal(2.043353319168091, Losses.Regression(prediction, target).item<float>(), 1e-4);
    }

    [Fact]
    public void Golden_embeddings_of_whole_recordings()
    {
        var embedder = new NetworkEmbedder(_network, new LogMelSpectrogram());
        AudioClip mix = AudioClip.Load(Golden.PathOf("mix.wav")), vocals = AudioClip.Load(Golden.PathOf("vocals.wav"));
        AssertClose(LayerNorm(GoldenTensor("target_vocals.npy")), tensor(embedder.Embed(vocals).Vector, [1, 320]), Tolerance);
        for (int stem = 0; stem < 4; stem++)
            AssertClose(LayerNorm(GoldenTensor("query_bass_drums_other_vocals.npy").narrow(0, stem, 1)),
                tensor(embedder.Predict(mix, Stem.Roles[stem]).Vector, [1, 320]), Tolerance);
    }

    private static Tensor LayerNorm(Tensor rows) => nn.functional.layer_norm(rows, [rows.shape[1]]);

    private static Tensor GoldenLogMels() => GoldenTensor("logmel.npy");

    private static Tensor GoldenTensor(string name)
    {
        (float[] values, int[] shape) = Golden.Npy(name);
        return tensor(values, [.. shape.Select(size => (long)size)]);
    }

    private static void AssertClose(Tensor expected, Tensor actual, float tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, tolerance);
    }
}
