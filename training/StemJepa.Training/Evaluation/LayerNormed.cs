using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>Layer norm without weights, which retrieval applies to every embedding before it measures distances.</summary>
internal static class LayerNormed
{
    public static float[] Of(ReadOnlySpan<float> vector)
    {
        var result = new float[vector.Length];
        float mean = TensorPrimitives.Sum(vector) / vector.Length;
        TensorPrimitives.Subtract(vector, mean, result);
        float variance = TensorPrimitives.SumOfSquares<float>(result) / vector.Length;
        TensorPrimitives.Multiply(result, 1 / MathF.Sqrt(variance + 1e-5f), result);
        return result;
    }
}
