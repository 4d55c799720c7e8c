using StemJepa.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Networks;

public sealed class PredictorTests
{
    [Theory]
    [InlineData(64, true)]
    [InlineData(48, false)]
    public void Layer_norm_of_its_input_is_what_a_wide_enough_new_predictor_gives(int hidden, bool nearIdentity)
    {
        using var scope = NewDisposeScope();
        manual_seed(8);
        var predictor = new Predictor(new NetworkSizes("test", 32, 1, 2, [hidden, hidden], PatchEmbedding.Linear), new Precision());
        Tensor patches = randn(2, 5, 3, 32);
        Tensor prediction = predictor.forward(patches, tensor(new long[] { 0, 3 }));
        double cosine = nn.functional.cosine_similarity(prediction, nn.functional.layer_norm(patches, [32]), dim: -1).mean().item<float>();
        Assert.Equal(nearIdentity, cosine > 0.9);
    }

    [Fact]
    public void Weights_of_one_stem_are_its_number_and_others_are_the_mean_of_their_vectors()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        manual_seed(9);
        var predictor = new Predictor(new NetworkSizes("test", 32, 1, 2, [48], PatchEmbedding.Linear), new Precision());
        Tensor patches = randn(2, 5, 3, 32);
        Tensor oneHot = tensor(new float[,] { { 0, 0, 1, 0 }, { 1, 0, 0, 0 } });
        Assert.Equal(predictor.forward(patches, tensor(new long[] { 2, 0 })), predictor.forward(patches, oneHot));
        Tensor mixed = predictor.forward(patches, tensor(new float[,] { { 0, 0.5f, 0.5f, 0 }, { 0, 0.5f, 0.5f, 0 } }));
        Tensor vectors = predictor.state_dict()["source_embed.weight"];
        vectors[3] = (vectors[1] + vectors[2]) / 2;
        Tensor expected = predictor.forward(patches, tensor(new long[] { 3, 3 }));
        Assert.InRange((mixed - expected).abs().max().item<float>(), 0, 1e-5f);
    }
}
