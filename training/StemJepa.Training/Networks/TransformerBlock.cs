using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>A pre-norm transformer block: attention, then an MLP four times as wide with exact GELU.</summary>
internal sealed class TransformerBlock : nn.Module<Tensor, Tensor>
{
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

    public override Tensor forward(Tensor x)
    {
        Tensor attended = x.Plus(attn.forward(norm1.forward(x)));
        return attended.Plus(mlp.forward(norm2.forward(attended)));
    }

    /// <summary>Two linear layers with a GELU between them.</summary>
    internal sealed class Mlp : nn.Module<Tensor, Tensor>
    {
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
