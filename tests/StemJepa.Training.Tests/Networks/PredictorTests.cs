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
}
