using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>From [clips, columns, length] to the mean over columns, [clips, length].</summary>
internal sealed class MeanOverColumns() : nn.Module<Tensor, Tensor>(nameof(MeanOverColumns))
{
    public override Tensor forward(Tensor input) => input.mean([1]);
}
