using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// One search through a snapshot: every row that passes the filter is compared, in chunks that all cores share, and the best are kept in
/// heaps.
/// </summary>
internal sealed class CatalogSearch
{
    /// <summary>Bytes of vectors that a core takes at a time.</summary>
    private const int ChunkBytes = 1 << 20;

    /// <summary>From this many bytes on, sharing the work pays.</summary>
    private const long ParallelBytes = 4L * ChunkBytes;

    /// <summary>Int8: how many more than asked for are ranked again, at least, and how many times as many.</summary>
    private const int LeastReserve = 256, ReserveFactor = 4;

    private readonly Snapshot _snapshot;
    private readonly RowFilter _filter;
    private readonly float[] _query;
    private readonly short[] _coarseQuery = [];
    private readonly float _coarseScale;
    private readonly bool _isInt8;
    private readonly int _stride;

    private readonly record struct Chunk(int Segment, int First, int Count);

    /// <param name="snapshot">Entered by the caller.</param>
    /// <param name="direction">What is sought: layer-normed, of length 1.</param>
    /// <param name="filter">Which rows count.</param>
    internal CatalogSearch(Snapshot snapshot, ReadOnlySpan<float> direction, RowFilter filter)
    {
        _snapshot = snapshot;
        _filter = filter;
        _isInt8 = snapshot.Manifest.Precision == CatalogPrecision.Int8;
        _stride = new SegmentLayout(snapshot.Manifest.Precision, direction.Length, 0, 0).Stride;
        _query = new float[_isInt8 ? direction.Length : _stride / sizeof(float)];
        direction.CopyTo(_query);
        if (_isInt8)
            _coarseQuery = VectorCode.Quantise(direction, _stride, out _coarseScale);
    }

    /// <summary>The best rows, best first.</summary>
    /// <exception cref="StemJepaException">The catalogue is damaged.</exception>
    internal Candidate[] Best(int top, CancellationToken cancellationToken)
    {
        top = Math.Min(top, _snapshot.Count);
        if (!_isInt8)
            return Scan(top, cancellationToken).ToSorted();
        int coarseTop = (int)Math.Min(Math.Max((long)top + LeastReserve, (long)top * ReserveFactor), _snapshot.Count);
        var best = new BestCandidates(top);
        foreach (Candidate candidate in Scan(coarseTop, cancellationToken).ToSorted())
            best.Add(candidate with { Affinity = Refined(candidate.Segment, candidate.Row) });
        return best.ToSorted();
    }

    private BestCandidates Scan(int top, CancellationToken cancellationToken)
    {
        Chunk[] chunks = [.. Chunks()];
        var best = new BestCandidates(top);
        if ((long)_snapshot.Count * _stride < ParallelBytes)
        {
            foreach (Chunk chunk in chunks)
                Scan(chunk, best);
            cancellationToken.ThrowIfCancellationRequested();
            return best;
        }
        try
        {
            Parallel.ForEach(chunks,
                new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
                () => new BestCandidates(top),
                (chunk, _, own) =>
                {
                    Scan(chunk, own);
                    return own;
                },
                own =>
                {
                    lock (best)
                        best.Add(own);
                });
        }
        catch (AggregateException error) when (error.InnerException is StemJepaException damage)
        {
            ExceptionDispatchInfo.Throw(damage);
        }
        return best;
    }

    private IEnumerable<Chunk> Chunks()
    {
        int rows = Math.Max(1, ChunkBytes / _stride);
        for (int segment = 0; segment < _snapshot.Segments.Count; segment++)
        {
            int count = _snapshot.Segments[segment].Rows;
            for (int first = 0; first < count; first += rows)
                yield return new Chunk(segment, first, Math.Min(rows, count - first));
        }
    }

    private void Scan(Chunk chunk, BestCandidates best)
    {
        Segment segment = _snapshot.Segments[chunk.Segment];
        ReadOnlySpan<byte> vectors = segment.Vectors(chunk.First, chunk.Count);
        ReadOnlySpan<float> scales = _isInt8 ? segment.Scales(chunk.First, chunk.Count) : [];
        for (int i = 0; i < chunk.Count; i++)
        {
            int row = chunk.First + i;
            if (_snapshot.IsDead(chunk.Segment, row) || (_filter.IsSelective && !_filter.Accepts(segment.RecordAt(row))))
                continue;
            ReadOnlySpan<byte> vector = vectors.Slice(i * _stride, _stride);
            float affinity = _isInt8
                ? DotProduct.Compute(_coarseQuery, MemoryMarshal.Cast<byte, sbyte>(vector)) * (scales[i] * _coarseScale)
                : float.Clamp(DotProduct.Compute(_query, MemoryMarshal.Cast<byte, float>(vector)), -1, 1);
            var candidate = new Candidate(affinity, chunk.Segment, row);
            if (best.Takes(candidate) && _filter.Accepts(segment, row))
                best.Add(candidate);
        }
    }

    private float Refined(int segment, int row) => float.Clamp(DotProduct.Compute(_query, _snapshot.Direction(segment, row)), -1, 1);
}
