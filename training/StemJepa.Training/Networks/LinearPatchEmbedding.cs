using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>Maps [batch, 1, 80, 16 x time] to [batch, width, 5, time] with one linear map per 16 x 16 patch.</summary>
internal sealed class LinearPatchEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d proj;

    public LinearPatchEmbedding(int width) : base(nameof(LinearPatchEmbedding))
    {
        proj = nn.Conv2d(1, width, kernel_size: PatchGrid.PatchSize, stride: PatchGrid.PatchSize);
        register_module("proj", proj);
    }

    public override Tensor forward(Tensor x) => proj.forward(x);
}
