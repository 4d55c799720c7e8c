namespace StemJepa.Export.Graphs;

/// <summary>The input projections of multi-head attention.</summary>
/// <param name="Weight">Row-major [3 x width, width]: the rows of the queries, then of the keys, then of the values.</param>
/// <param name="Bias">3 x width values in the same order.</param>
/// <param name="Width">Channels of a patch embedding.</param>
/// <param name="Heads">Attention heads; divides <paramref name="Width"/>.</param>
internal sealed record AttentionWeights(float[] Weight, float[] Bias, int Width, int Heads)
{
    /// <summary>Channels of one head.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>What the products of queries and keys are multiplied by before the softmax.</summary>
    public float Scale => 1f / MathF.Sqrt(HeadWidth);
}
