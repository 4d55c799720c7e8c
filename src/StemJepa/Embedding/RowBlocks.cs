namespace StemJepa;

/// <summary>
/// Rows of equally many values that are added one by one, in blocks: to fill fresh memory takes seconds per gigabyte, and nothing would
/// stop the copy of all rows into a longer array. Not thread-safe while it is filled.
/// </summary>
/// <param name="rowLength">Values in a row.</param>
internal sealed class RowBlocks(int rowLength)
{
    private const int BlockRows = 64;

    private readonly List<float[]> _blocks = [];

    /// <summary>Number of rows.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <returns>The row, whose values the caller must write.</returns>
    internal Span<float> Add()
    {
        if (Count % BlockRows == 0)
            _blocks.Add(GC.AllocateUninitializedArray<float>(BlockRows * rowLength));
        return _blocks[^1].AsSpan(Count++ % BlockRows * rowLength, rowLength);
    }

    /// <summary>All rows in one array, [<see cref="Count"/>, row length].</summary>
    internal float[] ToArray(CancellationToken cancellationToken = default) =>
        Convert(static (row, target) => row.CopyTo(target), cancellationToken);

    /// <summary>As <see cref="ToArray"/>, with each row as <paramref name="write"/> writes it.</summary>
    internal float[] Convert(Action<ReadOnlySpan<float>, Span<float>> write, CancellationToken cancellationToken = default)
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked(Count * rowLength));
        for (int row = 0; row < Count; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            write(_blocks[row / BlockRows].AsSpan(row % BlockRows * rowLength, rowLength), values.AsSpan(row * rowLength, rowLength));
        }
        return values;
    }
}
