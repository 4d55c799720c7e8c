using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>How well every target fits every query, higher better; query <c>i</c>'s true target is target <c>i</c>.</summary>
internal sealed class AffinityMatrix(int count)
{
    private readonly float[] _values = new float[count * count];

    public int Count => count;

    public Span<float> Row(int query) => _values.AsSpan(query * count, count);

    /// <summary>All rows, one after the other.</summary>
    public Span<float> Values => _values;

    /// <summary>Fills a matrix from a function of query and target, which is called from several threads.</summary>
    public static AffinityMatrix Compute(int count, Func<int, int, float> affinity, CancellationToken cancellationToken = default)
    {
        var matrix = new AffinityMatrix(count);
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, query =>
        {
            Span<float> row = matrix.Row(query);
            for (int target = 0; target < row.Length; target++)
                row[target] = affinity(query, target);
        });
        return matrix;
    }

    /// <summary>Negative Euclidean distances of as many queries and targets.</summary>
    public static AffinityMatrix FromDistances(IReadOnlyList<float[]> queries, IReadOnlyList<float[]> targets,
        CancellationToken cancellationToken = default) =>
        Compute(queries.Count, (query, target) => -TensorPrimitives.Distance<float>(queries[query], targets[target]), cancellationToken);

    /// <summary>The queries and targets at <paramref name="indices"/> alone.</summary>
    public AffinityMatrix Among(IReadOnlyList<int> indices)
    {
        var matrix = new AffinityMatrix(indices.Count);
        for (int query = 0; query < indices.Count; query++)
        for (int target = 0; target < indices.Count; target++)
            matrix.Row(query)[target] = Row(indices[query])[indices[target]];
        return matrix;
    }

    /// <summary>
    /// The rank, from 1, of the true target of every query: one more than the targets that fit better. A target that fits as well counts as
    /// better, so that a constant affinity earns nothing; so does one whose affinity is not a number.
    /// </summary>
    public int[] Ranks()
    {
        var ranks = new int[count];
        for (int query = 0; query < count; query++)
        {
            ReadOnlySpan<float> row = Row(query);
            float own = row[query];
            int rank = 1;
            for (int target = 0; target < count; target++)
                rank += target != query && !(row[target] < own) ? 1 : 0;
            ranks[query] = rank;
        }
        return ranks;
    }

    /// <summary>The best of the other targets of a query.</summary>
    public int BestOther(int query)
    {
        ReadOnlySpan<float> row = Row(query);
        int best = -1;
        for (int target = 0; target < count; target++)
        {
            if (target != query && (best < 0 || row[target] > row[best]))
                best = target;
        }
        return best;
    }
}
