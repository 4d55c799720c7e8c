using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>Multi-head self-attention over [batch, tokens, width].</summary>
internal sealed class Attention : nn.Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly MixedLinear qkv;
    private readonly MixedLinear proj;

    public Attention(int width, int heads, Precision precision) : base(nameof(Attention))
    {
        this.heads = heads;
        qkv = new MixedLinear(width, 3 * width, precision);
        proj = new MixedLinear(width, width, precision);
        register_module("qkv", qkv);
        register_module("proj", proj);
    }

    public override Tensor forward(Tensor x)
    {
        long batch = x.shape[0], tokens = x.shape[1], width = x.shape[2];
        Tensor[] parts = qkv.forward(x).view(batch, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4).unbind(0);
        Tensor mixed = nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        return proj.forward(mixed.transpose(1, 2).reshape(batch, tokens, width));
    }
}
