using System.Diagnostics;
using MathNet.Numerics.Statistics;

namespace StemJepa.Benchmarks.Growth;

/// <summary>Ranking against ever more synthetic embeddings.</summary>
internal static class CandidateGrowth
{
    private const double SecondsOfTurn = 0.1;

    /// <summary>Powers of ten up to <paramref name="most"/>.</summary>
    public static IReadOnlyList<GrowthPoint> Measure(int most, int rounds, CancellationToken cancel)
    {
        using StemAffinity model = StemAffinity.Create();
        StemEmbedding prediction = Embeddings.Noise(model.Model, seed: 0);
        var points = new List<GrowthPoint>();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var candidates = new StemEmbedding[most];
        int made = 0;
        for (int count = 10; count <= most; count *= 10)
        {
            cancel.ThrowIfCancellationRequested();
            Parallel.For(made, count, i => candidates[i] = Embeddings.Noise(model.Model, 1 + i));
            made = count;
            var some = new ArraySegment<StemEmbedding>(candidates, 0, count);
            double first = Seconds(1);
            int repeats = (int)Math.Clamp(SecondsOfTurn / first, 1, 1e6);
            double time = Enumerable.Range(0, rounds).Select(_ => Seconds(repeats)).Median();
            long memory = GC.GetTotalMemory(forceFullCollection: true) - before - (long)IntPtr.Size * (most - count);
            points.Add(new GrowthPoint(count, time, Math.Round(memory / 1e6, 3)));

            double Seconds(int times)
            {
                var watch = Stopwatch.StartNew();
                for (int i = 0; i < times; i++)
                    model.Rank(prediction, some);
                return watch.Elapsed.TotalSeconds / times;
            }
        }
        GC.KeepAlive(candidates);
        return points;
    }
}
