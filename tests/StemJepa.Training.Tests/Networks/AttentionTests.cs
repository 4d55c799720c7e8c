using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Networks;

public sealed class AttentionTests
{
    /// <summary>bfloat16 has 8 bits: values around 1 agree within a hundredth.</summary>
    [Fact]
    public void Libtorchs_fused_attention_in_float32_is_what_bfloat16_comes_near()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        manual_seed(10);
        var precision = new Precision();
        var attention = new Attention(32, 4, precision);
        foreach (var parameter in attention.parameters())
            parameter.mul_(10);
        Tensor x = randn(2, 9, 32), exact = attention.forward(x);
        precision.UseBfloat16 = true;
        Tensor rounded = attention.forward(x).to(ScalarType.Float32);
        Assert.InRange((rounded - exact).abs().max().item<float>(), 0, 0.02f * exact.abs().max().item<float>());
        Assert.InRange(exact.std().item<float>(), 0.1f, 10);
    }
}
