using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>Multi-head self-attention over [batch, tokens, width].</summary>
internal sealed class Attention : nn.Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly Precision precision;
    private readonly MixedLinear qkv;
    private readonly MixedLinear proj;

    public Attention(int width, int heads, Precision precision) : base(nameof(Attention))
    {
        this.heads = heads;
        this.precision = precision;
        qkv = new MixedLinear(width, 3 * width, precision);
        proj = new MixedLinear(width, width, precision);
        register_module("qkv", qkv);
        register_module("proj", proj);
    }

    public override Tensor forward(Tensor x)
    {
        long batch = x.shape[0], tokens = x.shape[1], width = x.shape[2];
        Tensor[] parts = qkv.forward(x).view(batch, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4).unbind(0);
        Tensor mixed = precision.UseBfloat16
            ? Products(parts[0], parts[1], parts[2])
            : nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        return proj.forward(mixed.transpose(1, 2).reshape(batch, tokens, width));
    }

    /// <summary>Attention as two plain products: in bfloat16, forward and backward, faster on processors than libtorch's fused operator.</summary>
    private static Tensor Products(Tensor query, Tensor key, Tensor value)
    {
        Tensor scores = query.DividedBy(Math.Sqrt(query.shape[3])).matmul(key.transpose(2, 3));
        return nn.functional.softmax(scores, dim: -1).matmul(value);
    }
}
