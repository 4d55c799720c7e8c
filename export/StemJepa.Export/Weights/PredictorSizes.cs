using System.Collections.Immutable;

namespace StemJepa.Export.Weights;

/// <summary>Sizes of a predictor, read from its tensors.</summary>
/// <param name="Width">Channels of a patch embedding, and of a stem vector.</param>
/// <param name="Hidden">Width of each hidden layer, input side first.</param>
internal sealed record PredictorSizes(int Width, ImmutableArray<int> Hidden)
{
    /// <summary>Outputs of each linear layer, the last one included.</summary>
    public ImmutableArray<int> Outputs => Hidden.Add(Width);
}
