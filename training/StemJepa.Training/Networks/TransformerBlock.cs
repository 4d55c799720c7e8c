using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>A pre-norm transformer block: attention, then an MLP four times as wide with exact GELU.</summary>
internal sealed class TransformerBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm _norm1;
    private readonly Attention _attn;
    private readonly LayerNorm _norm2;
    private readonly Mlp _mlp;

    public TransformerBlock(int width, int heads, Precision precision) : base(nameof(TransformerBlock))
    {
        _norm1 = nn.LayerNorm(width);
        _attn = new Attention(width, heads, precision);
        _norm2 = nn.LayerNorm(width);
        _mlp = new Mlp(width, precision);
        register_module("norm1", _norm1);
        register_module("attn", _attn);
        register_module("norm2", _norm2);
        register_module("mlp", _mlp);
    }

    public override Tensor forward(Tensor x)
    {
        Tensor attended = x + _attn.forward(_norm1.forward(x));
        return attended + _mlp.forward(_norm2.forward(attended));
    }

    /// <summary>Two linear layers with a GELU between them.</summary>
    internal sealed class Mlp : nn.Module<Tensor, Tensor>
    {
        private readonly MixedLinear _fc1;
        private readonly MixedLinear _fc2;

        public Mlp(int width, Precision precision) : base(nameof(Mlp))
        {
            _fc1 = new MixedLinear(width, 4 * width, precision);
            _fc2 = new MixedLinear(4 * width, width, precision);
            register_module("fc1", _fc1);
            register_module("fc2", _fc2);
        }

        public override Tensor forward(Tensor x) => _fc2.forward(nn.functional.gelu(_fc1.forward(x)));
    }
}

/// <summary>Multi-head self-attention over [batch, tokens, width].</summary>
internal sealed class Attention : nn.Module<Tensor, Tensor>
{
    private readonly int _heads;
    private readonly Precision _precision;
    private readonly MixedLinear _qkv;
    private readonly MixedLinear _proj;

    public Attention(int width, int heads, Precision precision) : base(nameof(Attention))
    {
        _heads = heads;
        _precision = precision;
        _qkv = new MixedLinear(width, 3 * width, precision);
        _proj = new MixedLinear(width, width, precision);
        register_module("qkv", _qkv);
        register_module("proj", _proj);
    }

    public override Tensor forward(Tensor x)
    {
        long batch = x.shape[0], tokens = x.shape[1], width = x.shape[2];
        Tensor[] parts = _qkv.forward(x).view(batch, tokens, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4).unbind(0);
        Tensor mixed = _precision.UseBfloat16
            ? Products(parts[0], parts[1], parts[2])
            : nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        return _proj.forward(mixed.transpose(1, 2).reshape(batch, tokens, width));
    }

    /// <summary>
    /// Attention as two plain products: in bfloat16, forward and backward, faster on processors than libtorch's fused operator.
    /// </summary>
    private static Tensor Products(Tensor query, Tensor key, Tensor value)
    {
        Tensor scores = (query / Math.Sqrt(query.shape[3])).matmul(key.transpose(2, 3));
        return nn.functional.softmax(scores, dim: -1).matmul(value);
    }
}
