using System.Diagnostics;
using MathNet.Numerics.Statistics;

namespace StemJepa.Benchmarks.UserPath;

/// <summary>How much many callers together get out of one model.</summary>
internal static class Concurrency
{
    private const int ClipSamples = 8 * FrontEndSettings.SampleRate;
    private const double SecondsOfTurn = 1;

    /// <summary>Numbers of callers that are tried.</summary>
    public static IReadOnlyList<int> Callers { get; } = [1, 2, 4, 8, 16];

    /// <summary>Clips of 8 s a second, by number of callers, in turn; the medians.</summary>
    /// <exception cref="StemJepaException">An embedding differs from that of a single caller in some bit.</exception>
    public static IReadOnlyList<double> Measure(StemAffinityOptions options, int rounds, CancellationToken cancel)
    {
        using StemAffinity model = StemAffinity.Create(options);
        AudioClip clip = Noise.Clip(ClipSamples);
        float[] expected = model.Embed(clip).Vector.ToArray();
        List<double>[] rates = [.. Callers.Select(_ => new List<double>())];
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < rates.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                double rate = Rate(model, clip, expected, Callers[i]);
                if (round >= 0)
                    rates[i].Add(rate);
            }
        }
        return [.. rates.Select(rate => rate.Median())];
    }

    private static double Rate(StemAffinity model, AudioClip clip, float[] expected, int callers)
    {
        int done = 0, wrong = 0;
        var watch = Stopwatch.StartNew();
        Thread[] threads = [.. Enumerable.Range(0, callers).Select(_ => new Thread(() =>
        {
            while (watch.Elapsed.TotalSeconds < SecondsOfTurn)
            {
                if (!model.Embed(clip).Vector.Span.SequenceEqual(expected))
                    Interlocked.Increment(ref wrong);
                Interlocked.Increment(ref done);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (wrong > 0)
            throw new StemJepaException($"{wrong} of {done} embeddings of {callers} concurrent callers differ from that of a single one.");
        return done / watch.Elapsed.TotalSeconds;
    }
}
