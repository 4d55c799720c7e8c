using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// An embedding over time: a column of <see cref="ColumnLength"/> values every 0.16 s from the start. Held in half precision, since a test
/// set of 600 recordings is gigabytes. Immutable and thread-safe.
/// </summary>
internal sealed class EmbeddingSequence
{
    /// <summary>Variance, as a share of the mean square, under which a column counts as constant: half precision rounds by more.</summary>
    private const float ConstantVariance = 1e-6f;

    private readonly Half[] _values;

    /// <param name="columns">[time, <paramref name="columnLength"/>].</param>
    /// <param name="columnLength">Values of a column.</param>
    public EmbeddingSequence(ReadOnlySpan<float> columns, int columnLength)
    {
        ColumnLength = columnLength;
        _values = new Half[columns.Length];
        TensorPrimitives.ConvertToHalf(columns, _values);
    }

    public int ColumnLength { get; }

    /// <summary>Columns in time.</summary>
    public int Count => _values.Length / ColumnLength;

    /// <summary>Segments of <paramref name="segmentPatches"/> columns, the last of which may be shorter.</summary>
    public int Segments(int segmentPatches) => (Count + segmentPatches - 1) / segmentPatches;

    /// <summary>
    /// Writes the direction of a segment: the mean of its columns, layer-normed without weights and scaled to length 1, so that a dot product
    /// of two directions is the cosine of the layer-normed means. Zero if the mean is constant.
    /// </summary>
    public void Direction(int segment, int segmentPatches, Span<float> destination)
    {
        int first = segment * segmentPatches, end = Math.Min(first + segmentPatches, Count);
        Span<float> column = new float[end - first > 1 ? ColumnLength : 0];
        TensorPrimitives.ConvertToSingle(_values.AsSpan(first * ColumnLength, ColumnLength), destination);
        for (int i = first + 1; i < end; i++)
        {
            TensorPrimitives.ConvertToSingle(_values.AsSpan(i * ColumnLength, ColumnLength), column);
            TensorPrimitives.Add(destination, column, destination);
        }
        float energy = TensorPrimitives.SumOfSquares<float>(destination);
        TensorPrimitives.Subtract(destination, TensorPrimitives.Sum<float>(destination) / ColumnLength, destination);
        float variance = TensorPrimitives.SumOfSquares<float>(destination);
        if (variance <= ConstantVariance * energy)
            destination.Clear();
        else
            TensorPrimitives.Multiply(destination, 1 / MathF.Sqrt(variance), destination);
    }
}
