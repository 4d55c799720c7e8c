using MathNet.Numerics.Statistics;

namespace StemJepa.Benchmarks.Planning;

/// <summary>
/// The latency of a query that all shards answer: the time of the slowest. A shard of as many entries as were measured takes one of the
/// measured times, each equally likely and independent of other shards; with more or fewer entries it takes proportionally longer or
/// shorter, as a pass over the vectors does.
/// </summary>
/// <param name="times">Measured times in ms, ascending.</param>
/// <param name="measuredEntries">Entries in the measured catalogue.</param>
/// <param name="networkMs">Time added to each answer, in ms.</param>
internal sealed class FanOut(IReadOnlyList<double> times, double measuredEntries, double networkMs)
{
    /// <summary>
    /// Computes the time within which a share of the queries is answered. All S shards are done by time x with probability F(x)^S, so it is
    /// the smallest measured time x with F(x) at least the S-th root of the share.
    /// </summary>
    /// <param name="entries">Entries of all shards together.</param>
    /// <param name="shards">Shards of equal size, at least 1.</param>
    /// <param name="share">0..1, such as 0.99.</param>
    public double QuantileMs(double entries, long shards, double share)
    {
        int rank = (int)Math.Ceiling(times.Count * Math.Pow(share, 1.0 / shards) - 1e-9);
        return networkMs + times[Math.Clamp(rank, 1, times.Count) - 1] * Scale(entries, shards);
    }

    /// <summary>Finds the fewest shards that answer 99 of 100 queries within a time, which must exceed the network's.</summary>
    public long ShardsFor(double entries, double targetMs)
    {
        long shards = Math.Max(1, (long)Math.Floor(times[0] * Scale(entries, 1) / (targetMs - networkMs)));
        while (QuantileMs(entries, shards, 0.99) > targetMs)
            shards++;
        return shards;
    }

    /// <summary>Simulates queries one after the other: their median and 99th percentile.</summary>
    public (double MedianMs, double P99Ms) Simulate(double entries, long shards, int queries, int seed)
    {
        var random = new Random(seed);
        double scale = Scale(entries, shards);
        var latencies = new double[queries];
        for (int query = 0; query < queries; query++)
        {
            double slowest = 0;
            for (long shard = 0; shard < shards; shard++)
                slowest = Math.Max(slowest, times[random.Next(times.Count)]);
            latencies[query] = networkMs + slowest * scale;
        }
        Array.Sort(latencies);
        return (SortedArrayStatistics.Median(latencies), latencies[(int)Math.Ceiling(0.99 * queries) - 1]);
    }

    /// <summary>
    /// Simulates queries that arrive as a Poisson process and wait at each shard for earlier ones: their mean and 99th percentile.
    /// </summary>
    /// <param name="entries">Entries of all shards together.</param>
    /// <param name="shards">Shards of equal size.</param>
    /// <param name="load">Share of the time in which a shard is busy, above 0 and below 1.</param>
    /// <param name="queries">Number of queries.</param>
    /// <param name="seed">The same seed gives the same answer.</param>
    public (double MeanMs, double P99Ms) SimulateLoad(double entries, long shards, double load, int queries, int seed)
    {
        var random = new Random(seed);
        double scale = Scale(entries, shards), gap = times.Average() * scale / load, arrival = 0;
        var free = new double[shards];
        var latencies = new double[queries];
        for (int query = 0; query < queries; query++)
        {
            arrival -= gap * Math.Log(1 - random.NextDouble());
            double last = 0;
            foreach (ref double shard in free.AsSpan())
            {
                shard = Math.Max(shard, arrival) + times[random.Next(times.Count)] * scale;
                last = Math.Max(last, shard);
            }
            latencies[query] = networkMs + last - arrival;
        }
        Array.Sort(latencies);
        return (latencies.Average(), latencies[(int)Math.Ceiling(0.99 * queries) - 1]);
    }

    private double Scale(double entries, long shards) => entries / shards / measuredEntries;
}
