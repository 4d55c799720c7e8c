using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// One search through a snapshot: every row that passes the filter is compared, in chunks that all cores share, and the best are kept in
/// heaps.
/// </summary>
internal sealed class CatalogSearch
{
    /// <summary>From this many bytes on, sharing the work pays.</summary>
    private const long ParallelBytes = 4L << 20;

    /// <summary>Int8: how many more than asked for are ranked again, at least, and how many times as many.</summary>
    private const int LeastReserve = 256, ReserveFactor = 4;

    private readonly Snapshot _snapshot;
    private readonly VectorFile _vectors;
    private readonly RowTable _rows;
    private readonly RowSet _accepted;
    private readonly int _count;
    private readonly float[] _query;
    private readonly short[] _coarseQuery = [];
    private readonly float _coarseScale;
    private readonly bool _isInt8;
    private readonly int _stride;

    private readonly record struct Chunk(int First, int Count);

    /// <param name="snapshot">Entered by the caller; has a row.</param>
    /// <param name="direction">What is sought: layer-normed, of length 1.</param>
    /// <param name="accepted">Which rows count; some of the living ones.</param>
    internal CatalogSearch(Snapshot snapshot, ReadOnlySpan<float> direction, RowSet accepted)
    {
        (_snapshot, _vectors, _rows, _accepted) = (snapshot, snapshot.Vectors, snapshot.Rows(), accepted);
        _count = accepted.Count;
        _isInt8 = snapshot.Header.Precision == CatalogPrecision.Int8;
        _stride = snapshot.Header.Layout.Stride;
        _query = new float[_isInt8 ? direction.Length : _stride / sizeof(float)];
        direction.CopyTo(_query);
        if (_isInt8)
            _coarseQuery = VectorCode.Quantise(direction, _stride, out _coarseScale);
    }

    /// <summary>The best rows, best first.</summary>
    /// <exception cref="StemJepaException">The catalogue is damaged.</exception>
    internal Candidate[] Best(int top, CancellationToken cancellationToken)
    {
        top = Math.Min(top, _count);
        if (!_isInt8)
            return Array.ConvertAll(Scan(top, cancellationToken).ToSorted(), Verified);
        int coarseTop = (int)Math.Min(Math.Max((long)top + LeastReserve, (long)top * ReserveFactor), _count);
        var best = new BestCandidates(top);
        foreach (Candidate candidate in Scan(coarseTop, cancellationToken).ToSorted())
            best.Add(candidate with { Affinity = Refined(candidate.Row) });
        return best.ToSorted();
    }

    private BestCandidates Scan(int top, CancellationToken cancellationToken)
    {
        Chunk[] chunks = [.. Chunks()];
        var best = new BestCandidates(top);
        if ((long)_accepted.Length * _stride < ParallelBytes)
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
        for (int block = 0; block < _accepted.Length; block += VectorLayout.RowsPerBlock)
        {
            int count = Math.Min(VectorLayout.RowsPerBlock, _accepted.Length - block);
            yield return new Chunk(block, count);
        }
    }

    private void Scan(Chunk chunk, BestCandidates best)
    {
        _vectors.VerifyBlock(chunk.First, chunk.Count, _rows);
        ReadOnlySpan<byte> vectors = _vectors.Vectors(chunk.First, chunk.Count);
        ReadOnlySpan<float> scales = _isInt8 ? _vectors.Scales(chunk.First, chunk.Count) : [];
        for (int i = 0; i < chunk.Count; i++)
        {
            int row = chunk.First + i;
            if (!_accepted.Contains(row))
                continue;
            ReadOnlySpan<byte> vector = vectors.Slice(i * _stride, _stride);
            float affinity = _isInt8
                ? DotProduct.Compute(_coarseQuery, MemoryMarshal.Cast<byte, sbyte>(vector)) * (scales[i] * _coarseScale)
                : float.Clamp(DotProduct.Compute(_query, MemoryMarshal.Cast<byte, float>(vector)), -1, 1);
            var candidate = new Candidate(affinity, row);
            if (best.Takes(candidate))
                best.Add(candidate);
        }
    }

    /// <summary>The file may have been changed in place since the scan began: what is returned is what was written.</summary>
    private Candidate Verified(Candidate candidate)
    {
        _vectors.Row(candidate.Row, _rows.Checksums[candidate.Row]);
        return candidate;
    }

    private float Refined(int row) => float.Clamp(
        DotProduct.Compute(_query, _snapshot.Direction(_vectors, row, _rows.Checksums[row])), -1, 1);
}
