using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// One search through a snapshot: every row that passes the filter is compared, in blocks that all cores share, and the best of them are
/// compared again, with all their bits and checked.
/// </summary>
internal sealed class CatalogSearch
{
    /// <summary>From this many bytes on, sharing the work pays.</summary>
    private const long ParallelBytes = 4L << 20;

    /// <summary>Int8: how many more than asked for are compared again, at least, and how many times as many.</summary>
    private const int LeastReserve = 256, ReserveFactor = 4;

    private readonly VectorFile _vectors;
    private readonly VectorLayout _layout;
    private readonly RowTable _rows;
    private readonly bool[] _accepted;
    private readonly int _count;
    private readonly float[] _query;
    private readonly short[] _coarseQuery = [];
    private readonly float _coarseScale;
    private readonly bool _isInt8;

    /// <param name="vectors">The vectors, whose length has been checked.</param>
    /// <param name="header">What the vectors are.</param>
    /// <param name="rows">Their rows.</param>
    /// <param name="accepted">Which rows count; some of the living ones.</param>
    /// <param name="direction">What is sought: layer-normed, of length 1.</param>
    internal CatalogSearch(VectorFile vectors, CatalogHeader header, RowTable rows, bool[] accepted, ReadOnlySpan<float> direction)
    {
        (_vectors, _layout, _rows, _accepted, _count) = (vectors, header.Layout, rows, accepted, accepted.AsSpan().Count(true));
        _isInt8 = header.Precision == CatalogPrecision.Int8;
        _query = direction.ToArray();
        if (_isInt8)
            _coarseQuery = VectorLayout.Quantise(direction, _layout.Stride, out _coarseScale);
        else
            Array.Resize(ref _query, _layout.Stride / sizeof(float));
    }

    /// <summary>The best rows, best first; at equal affinity the earlier row first.</summary>
    /// <exception cref="StemJepaException">The catalogue is damaged.</exception>
    internal (float Affinity, int Row)[] Best(int top, CancellationToken cancellationToken)
    {
        long reserve = _isInt8 ? Math.Max((long)top + LeastReserve, (long)top * ReserveFactor) : top;
        var best = new BestRows((int)Math.Min(reserve, _count));
        var options = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = (long)_accepted.Length * _layout.Stride < ParallelBytes ? 1 : Environment.ProcessorCount,
        };
        try
        {
            Parallel.For(0, VectorLayout.Blocks(_accepted.Length), options, block => Scan(block * VectorLayout.RowsPerBlock, best));
        }
        catch (AggregateException error) when (error.InnerException is StemJepaException damage)
        {
            ExceptionDispatchInfo.Throw(damage);
        }
        return [.. best.Rows.Select(row => (Affinity: Refined(row), Row: row))
            .OrderByDescending(found => found.Affinity).ThenBy(found => found.Row).Take(top)];
    }

    private void Scan(int first, BestRows best)
    {
        int count = Math.Min(VectorLayout.RowsPerBlock, _accepted.Length - first), stride = _layout.Stride;
        _vectors.VerifyBlock(first, count, _rows);
        ReadOnlySpan<byte> vectors = _vectors.Vectors(first, count);
        ReadOnlySpan<float> scales = _isInt8 ? _vectors.Scales(first, count) : [];
        for (int i = 0; i < count; i++)
        {
            if (!_accepted[first + i])
                continue;
            ReadOnlySpan<byte> vector = vectors.Slice(i * stride, stride);
            best.Add(first + i, _isInt8
                ? DotProduct.Compute(_coarseQuery, MemoryMarshal.Cast<byte, sbyte>(vector)) * (scales[i] * _coarseScale)
                : DotProduct.Compute(_query, MemoryMarshal.Cast<byte, float>(vector)));
        }
    }

    /// <summary>The file may have been changed in place since the scan began: what is returned is what was written.</summary>
    private float Refined(int row)
    {
        float[] direction = _layout.Decode(_vectors.Row(row, _rows.Checksums[row]));
        return float.Clamp(DotProduct.Compute(_query.AsSpan(0, direction.Length), direction), -1, 1);
    }

    /// <summary>The best rows so far. Thread-safe.</summary>
    private sealed class BestRows(int capacity)
    {
        private readonly PriorityQueue<int, (float Affinity, int Earliness)> _heap = new();
        private float _worst = float.NegativeInfinity;

        internal IEnumerable<int> Rows => _heap.UnorderedItems.Select(item => item.Element);

        internal void Add(int row, float affinity)
        {
            // Nearly all rows end here, without the lock.
            if (affinity < Volatile.Read(ref _worst))
                return;
            lock (_heap)
            {
                if (_heap.Count < capacity)
                    _heap.Enqueue(row, (affinity, -row));
                else
                    _heap.EnqueueDequeue(row, (affinity, -row));
                if (_heap.Count == capacity && _heap.TryPeek(out _, out (float Affinity, int Earliness) worst))
                    Volatile.Write(ref _worst, worst.Affinity);
            }
        }
    }
}
