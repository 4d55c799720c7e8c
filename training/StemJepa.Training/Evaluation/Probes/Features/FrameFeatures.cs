using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>Rows of heads from values by frame, [values][frames].</summary>
internal static class FrameFeatures
{
    /// <summary>Mean and deviation over time of each value, [2 x values].</summary>
    public static float[] MeanAndDeviation(IReadOnlyList<ReadOnlyMemory<float>> values) =>
    [
        .. values.Select(frames => Mean(frames.Span)),
        .. values.Select(frames => Deviation(frames.Span)),
    ];

    /// <summary>The frames of each column of patches side by side, [columns, values x 16], the last one padded with zeros.</summary>
    public static (float[] Rows, int Length) Columns(IReadOnlyList<ReadOnlyMemory<float>> values)
    {
        const int patch = FrontEndSettings.PatchFrames;
        int frames = values[0].Length, length = values.Count * patch, columns = (frames + patch - 1) / patch;
        var rows = new float[columns * length];
        for (int value = 0; value < values.Count; value++)
        {
            ReadOnlySpan<float> source = values[value].Span;
            for (int column = 0; column < columns; column++)
            {
                ReadOnlySpan<float> part = source[(column * patch)..Math.Min(frames, (column + 1) * patch)];
                part.CopyTo(rows.AsSpan(column * length + value * patch));
            }
        }
        return (rows, length);
    }

    private static float Mean(ReadOnlySpan<float> values) => TensorPrimitives.Sum(values) / values.Length;

    private static float Deviation(ReadOnlySpan<float> values)
    {
        var centred = new float[values.Length];
        TensorPrimitives.Subtract(values, Mean(values), centred);
        return TensorPrimitives.Norm<float>(centred) / MathF.Sqrt(values.Length);
    }
}
