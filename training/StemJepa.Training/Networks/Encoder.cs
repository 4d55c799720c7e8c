using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>
/// The encoder: a pre-norm vision transformer without class token. Takes a log-mel [batch, 80, 16 x time] with 1 to 50 time patches and
/// gives patch embeddings [batch, 5, time, width] (paper, section 3.1). Not thread-safe.
/// </summary>
internal sealed class Encoder : nn.Module<Tensor, Tensor>
{
    // TorchSharp registers fields under their names, so these are the names in weights files.
    private readonly Tensor pos_embed;
    private readonly nn.Module<Tensor, Tensor> patch_embed;
    private readonly ModuleList<TransformerBlock> blocks = new();
    private readonly LayerNorm norm;
    private readonly RotaryPositions? _rotary;

    public Encoder(NetworkSizes sizes, Precision precision) : base(nameof(Encoder))
    {
        patch_embed = sizes.PatchEmbedding switch
        {
            PatchEmbedding.Linear => new LinearPatchEmbedding(sizes.Width),
            _ => new ConvolutionalPatchEmbedding(sizes.Width, precision),
        };
        for (int i = 0; i < sizes.Depth; i++)
            blocks.Add(new TransformerBlock(sizes.Width, sizes.Heads, precision));
        norm = nn.LayerNorm(sizes.Width);
        pos_embed = PatchGrid.Positions(sizes.Width, sizes.TimePositions);
        if (sizes.TimePositions == TimePositions.Rotary)
            _rotary = new RotaryPositions(sizes.Width / sizes.Heads, precision);
        register_buffer("pos_embed", pos_embed);
        register_module("patch_embed", patch_embed);
        register_module("blocks", blocks);
        register_module("norm", norm);
    }

    public override Tensor forward(Tensor logMel) => Encode(logMel, firstPosition: 0);

    /// <summary>
    /// Encodes as <see cref="forward"/>, with the first time patch at another place of the grid, so that windows shorter than the grid
    /// train all of its positions. With rotary time positions the place is of no account.
    /// </summary>
    public Tensor Encode(Tensor logMel, int firstPosition)
    {
        Tensor grid = patch_embed.forward(logMel.unsqueeze(1)).permute(0, 2, 3, 1);
        long time = grid.shape[2];
        Tensor tokens = (grid + pos_embed.narrow(2, firstPosition, time)).flatten(1, 2);
        Rotation? rotation = _rotary?.For((int)time);
        foreach (TransformerBlock block in blocks)
            tokens = block.Forward(tokens, rotation);
        return norm.forward(tokens).view(logMel.shape[0], PatchGrid.FrequencyPatches, time, -1);
    }
}
