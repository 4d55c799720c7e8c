using StemJepa.TestSupport;
using StemJepa.Training.Networks;
using StemJepa.Training.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Training;

public sealed class StartingWeightsTests : IDisposable
{
    private static readonly NetworkSizes Tiny = new("tiny", 16, 1, 2, [16], PatchEmbedding.Convolutional);
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notes = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Encoders_predictor_and_normalisation_are_taken_over()
    {
        using var scope = NewDisposeScope();
        using StemJepaNetwork source = Noise(Tiny, seed: 1), network = Noise(Tiny, seed: 2);
        FrontEndSettings frontEnd = StartingWeights.FromFile(Save(source)).Load(network, _notes.Add);
        Assert.Equal((-8.5f, 3.25f), (frontEnd.Mean, frontEnd.StandardDeviation));
        Assert.All(source.state_dict(), item => Assert.Equal(item.Value, network.state_dict()[item.Key]));
        Assert.Empty(_notes);
    }

    [Fact]
    public void Absolute_weights_start_a_rotary_network_which_keeps_its_own_positions()
    {
        using var scope = NewDisposeScope();
        using StemJepaNetwork source = Noise(Tiny, seed: 1), network = new(Tiny with { TimePositions = TimePositions.Rotary });
        StartingWeights.FromFile(Save(source)).Load(network, _notes.Add);
        Assert.Contains("rotary", Assert.Single(_notes));
        Assert.All(source.state_dict(), item =>
        {
            Tensor expected = item.Key.EndsWith("pos_embed") ? PatchGrid.Positions(16, TimePositions.Rotary) : item.Value;
            Assert.Equal(expected, network.state_dict()[item.Key]);
        });
    }

    [Fact]
    public void What_a_deeper_network_has_more_is_named_and_keeps_its_values()
    {
        using var scope = NewDisposeScope();
        using StemJepaNetwork source = Noise(Tiny, seed: 1), network = Noise(Tiny with { Depth = 2 }, seed: 2);
        Tensor before = network.state_dict()["encoder.blocks.1.attn.qkv.weight"].clone();
        StartingWeights.FromFile(Save(source)).Load(network, _notes.Add);
        Assert.Contains("encoder.blocks.1.attn.qkv.weight", Assert.Single(_notes));
        Assert.Equal(before, network.state_dict()["encoder.blocks.1.attn.qkv.weight"]);
        Assert.Equal(source.state_dict()["encoder.blocks.0.attn.qkv.weight"], network.state_dict()["encoder.blocks.0.attn.qkv.weight"]);
    }

    [Fact]
    public void Labels_are_found_by_name_and_new_ones_start_as_that_of_other()
    {
        using var scope = NewDisposeScope();
        using StemJepaNetwork source = Noise(Tiny with { Labels = 6 }, seed: 1), network = Noise(Tiny with { Labels = 7 }, seed: 2);
        StartingWeights.FromFile(Save(source, ["keys", "guitar"])).Load(network, _notes.Add, ["guitar", "brass", "keys"]);
        Assert.Contains("brass", Assert.Single(_notes));
        Tensor stored = source.state_dict()["predictor.source_embed.weight"], found = network.state_dict()["predictor.source_embed.weight"];
        foreach ((int row, int from) in new[] { 0, 1, 2, 3, 5, 2, 4 }.Index())
            Assert.Equal(stored[from], found[row]);
        Assert.Equal(source.state_dict()["encoder.blocks.0.attn.qkv.weight"], network.state_dict()["encoder.blocks.0.attn.qkv.weight"]);
        using StemJepaNetwork again = Noise(Tiny with { Labels = 6 }, seed: 3);
        StartingWeights.FromFile(Save(source, ["keys", "guitar"])).Load(again, _notes.Add, ["keys", "guitar"]);
        Assert.Equal(stored, again.state_dict()["predictor.source_embed.weight"]);
        Assert.Single(_notes);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused_with_their_reason()
    {
        using var scope = NewDisposeScope();
        using StemJepaNetwork deep = Noise(Tiny with { Depth = 2 }, seed: 1);
        StartingWeights weights = StartingWeights.FromFile(Save(deep));
        Assert.Contains("encoder.blocks.1", Refusal(weights, Tiny));
        Assert.Contains("2 heads", Refusal(weights, Tiny with { Depth = 2, Heads = 4 }));
        Assert.Contains("but these sizes want", Refusal(weights, Tiny with { Depth = 2, Width = 32 }));
        Assert.Contains("SHA-256", Refusal(weights with { Sha256 = new string('0', 64) }, Tiny with { Depth = 2 }));
        using StemJepaNetwork rotary = Noise(Tiny with { TimePositions = TimePositions.Rotary }, seed: 1);
        Assert.Contains("rotary", Refusal(StartingWeights.FromFile(Save(rotary)), Tiny));
        Assert.Contains("cannot be read", Assert.Throws<StemJepaException>(() => StartingWeights.FromFile(_folder.PathOf("none"))).Message);
    }

    private string Refusal(StartingWeights weights, NetworkSizes sizes)
    {
        using var network = new StemJepaNetwork(sizes);
        return Assert.Throws<StemJepaException>(() => weights.Load(network, _notes.Add)).Message;
    }

    private static StemJepaNetwork Noise(NetworkSizes sizes, long seed)
    {
        using var noGradient = no_grad();
        manual_seed(seed);
        var network = new StemJepaNetwork(sizes);
        foreach (var parameter in network.parameters())
            parameter.copy_(randn(parameter.shape));
        return network;
    }

    private string Save(StemJepaNetwork network, string[]? families = null)
    {
        NetworkSizes sizes = network.Sizes;
        var config = new WeightsConfig { Heads = sizes.Heads, Mean = -8.5f, Std = 3.25f, 
            Stems = families is null ? null : [.. Stem.Roles, .. families.Select(name => Stem.Parse(name))],
            TimePositions = sizes.TimePositions == TimePositions.Absolute ? null : sizes.TimePositions };
        string path = _folder.PathOf("weights.safetensors");
        WeightsFile.Save(path, network.state_dict(), config.ToMetadata());
        return path;
    }
}
