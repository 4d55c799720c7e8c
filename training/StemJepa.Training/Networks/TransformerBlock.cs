using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>A pre-norm transformer block: attention, then an MLP four times as wide with exact GELU.</summary>
internal sealed class TransformerBlock : nn.Module<Tensor, Tensor>
{
    // TorchSharp registers fields under their names, so these are the names in weights files.
    private readonly LayerNorm norm1;
    private readonly Attention attn;
    private readonly LayerNorm norm2;
    private readonly Mlp mlp;

    public TransformerBlock(int width, int heads, Precision precision) : base(nameof(TransformerBlock))
    {
        norm1 = nn.LayerNorm(width);
        attn = new Attention(width, heads, precision);
        norm2 = nn.LayerNorm(width);
        mlp = new Mlp(width, precision);
        register_module("norm1", norm1);
        register_module("attn", attn);
        register_module("norm2", norm2);
        register_module("mlp", mlp);
    }

    public override Tensor forward(Tensor x) => Forward(x, rotation: null);

    /// <summary>Computes the block with rotary time positions, or without any if <paramref name="rotation"/> is null.</summary>
    public Tensor Forward(Tensor x, Rotation? rotation)
    {
        Tensor attended = x + attn.Attend(norm1.forward(x), rotation);
        return attended + mlp.forward(norm2.forward(attended));
    }

    /// <summary>Two linear layers with a GELU between them.</summary>
    internal sealed class Mlp : nn.Module<Tensor, Tensor>
    {
        // TorchSharp registers fields under their names, so these are the names in weights files.
        private readonly MixedLinear fc1;
        private readonly MixedLinear fc2;

        public Mlp(int width, Precision precision) : base(nameof(Mlp))
        {
            fc1 = new MixedLinear(width, 4 * width, precision);
            fc2 = new MixedLinear(4 * width, width, precision);
            register_module("fc1", fc1);
            register_module("fc2", fc2);
        }

        public override Tensor forward(Tensor x) => fc2.forward(nn.functional.gelu(fc1.forward(x)));
    }
}

/// <summary>Multi-head self-attention over [batch, tokens, width].</summary>
internal sealed class Attention : nn.Module<Tensor, Tensor>
{
    private readonly int _heads;
    private readonly Precision _precision;
    // TorchSharp registers fields under their names, so these are the names in weights files.
    private readonly MixedLinear qkv;
    private readonly MixedLinear proj;

    public Attention(int width, int heads, Precision precision) : base(nameof(Attention))
    {
        _heads = heads;
        _precision = precision;
        qkv = new MixedLinear(width, 3 * width, precision);
        proj = new MixedLinear(width, width, precision);
        register_module("qkv", qkv);
        register_module("proj", proj);
    }

    public override Tensor forward(Tensor x) => Attend(x, rotation: null);

    /// <summary>Attends with rotary time positions, or without any if <paramref name="rotation"/> is null.</summary>
    public Tensor Attend(Tensor x, Rotation? rotation)
    {
        long batch = x.shape[0], tokens = x.shape[1], width = x.shape[2];
        if (rotation is not null)
        {
            // One split, whose backward is one concatenation.
            Tensor[] split = qkv.forward(x).view(batch, tokens, 3, _heads, width / _heads).split([2, 1], dim: 2);
            Tensor[] rotated = rotation.Apply(split[0]).permute(2, 0, 3, 1, 4).unbind(0);
            Tensor attended = Weighted(rotated[0], rotated[1], split[1].squeeze(2).transpose(1, 2));
            return proj.forward(attended.transpose(1, 2).reshape(batch, tokens, width));
        }
        Tensor[] parts = qkv.forward(x).view(batch, tokens, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4).unbind(0);
        Tensor mixed = _precision.UseBfloat16
            ? Products(parts[0], parts[1], parts[2])
            : nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        return proj.forward(mixed.transpose(1, 2).reshape(batch, tokens, width));
    }

    /// <summary>
    /// Attention as two plain products: in bfloat16, forward and backward, faster on processors than libtorch's fused operator.
    /// </summary>
    private static Tensor Products(Tensor query, Tensor key, Tensor value) => Weighted(query / Math.Sqrt(query.shape[3]), key, value);

    /// <summary>The mean of the values, weighted by the softmax of products of scaled queries and keys.</summary>
    private static Tensor Weighted(Tensor scaledQuery, Tensor key, Tensor value) =>
        nn.functional.softmax(scaledQuery.matmul(key.transpose(2, 3)), dim: -1).matmul(value);
}
