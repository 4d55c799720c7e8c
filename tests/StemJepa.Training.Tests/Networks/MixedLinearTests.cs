using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Networks;

public sealed class MixedLinearTests
{
    [Fact]
    public void Normal_distribution_of_deviation_2_percent_is_where_weights_start()
    {
        using var scope = NewDisposeScope();
        manual_seed(9);
        Tensor weight = new MixedLinear(64, 64, new Precision()).state_dict()["weight"];
        Assert.InRange(weight.std().item<float>(), 0.018f, 0.022f);
        Assert.InRange(weight.mean().item<float>(), -0.002f, 0.002f);
        Assert.Equal(64, linalg.matrix_rank(weight).item<long>());
    }
}
