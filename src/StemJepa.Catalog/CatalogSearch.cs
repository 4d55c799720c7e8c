using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace StemJepa;

/// <summary>
/// One search through a snapshot: every row that passes the filter is compared, in blocks that all cores share, and the best of them are
/// compared again, with all their bits and checked.
/// </summary>
/// <param name="vectors">The vectors, whose length has been checked.</param>
/// <param name="layout">Their layout.</param>
/// <param name="rows">What the database says of them.</param>
/// <param name="accepted">Which rows count; some of the living ones, at least one.</param>
/// <param name="query">What is sought: layer-normed, of length 1.</param>
internal sealed class CatalogSearch(VectorFile vectors, VectorLayout layout, RowTable rows, bool[] accepted, float[] query)
{
    /// <summary>From this many bytes on, sharing the work pays.</summary>
    private const long ParallelBytes = 4L << 20;

    /// <summary>Int8: how many more than asked for are compared again, at least, and how many times as many.</summary>
    private const int LeastReserve = 256, ReserveFactor = 4;

    /// <summary>
    /// Int8: bytes between a row that is compared and the one asked for meanwhile; more than a page, where processors stop by themselves.
    /// </summary>
    private const int Ahead = 5120;

    private const int CacheLine = 64;

    private readonly (short[] Values, float Scale) _coarse = layout.IsInt8 ? VectorLayout.Quantise(query, layout.Stride) : ([], 0);

    /// <summary>The best rows, best first; at equal affinity the earlier row first.</summary>
    /// <exception cref="StemJepaException">The catalogue is damaged.</exception>
    internal (float Affinity, int Row)[] Best(int top, CancellationToken cancellationToken)
    {
        long reserve = layout.IsInt8 ? Math.Max((long)top + LeastReserve, (long)top * ReserveFactor) : top;
        var best = new BestRows((int)Math.Min(reserve, accepted.AsSpan().Count(true)));
        var options = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = (long)accepted.Length * layout.Stride < ParallelBytes ? 1 : Environment.ProcessorCount,
        };
        try
        {
            Parallel.For(0, VectorLayout.Blocks(accepted.Length), options, block => Scan(block * VectorLayout.RowsPerBlock, best));
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
        int count = Math.Min(VectorLayout.RowsPerBlock, accepted.Length - first), stride = layout.Stride;
        vectors.VerifyBlock(first, count, rows);
        ReadOnlySpan<byte> content = vectors.Vectors(first, count);
        ReadOnlySpan<float> scales = layout.IsInt8 ? vectors.Scales(first, count) : [];
        for (int i = 0; i < count; i++)
        {
            if (!accepted[first + i])
                continue;
            ReadOnlySpan<byte> vector = content.Slice(i * stride, stride);
            if (layout.IsInt8)
                Prefetch(vector);
            best.Add(first + i, layout.IsInt8
                ? DotProduct.Compute(_coarse.Values, MemoryMarshal.Cast<byte, sbyte>(vector)) * (scales[i] * _coarse.Scale)
                : DotProduct.Compute(query, MemoryMarshal.Cast<byte, float>(vector)));
        }
    }

    /// <summary>Asks for the row that lies <see cref="Ahead"/> of one. It may lie outside of the file, since nothing is read.</summary>
    private static unsafe void Prefetch(ReadOnlySpan<byte> vector)
    {
        if (!Sse.IsSupported)
            return;
        fixed (byte* start = vector)
        {
            for (byte* line = start + Ahead; line < start + Ahead + vector.Length; line += CacheLine)
                Sse.Prefetch0(line);
        }
    }

    /// <summary>The file may have been changed in place since the scan began: what is returned is what was written.</summary>
    private float Refined(int row)
    {
        float[] direction = layout.Decode(vectors.Row(row, rows.Checksums[row]));
        return float.Clamp(DotProduct.Compute(query, direction), -1, 1);
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
