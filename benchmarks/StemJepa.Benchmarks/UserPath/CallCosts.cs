using System.Diagnostics;
using MathNet.Numerics.Statistics;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Reporting;

namespace StemJepa.Benchmarks.UserPath;

/// <summary>Costs of single calls: managed memory, the share of decoding and front end, a ranking of existing embeddings.</summary>
internal static class CallCosts
{
    private const int Candidates = 1000, Rankings = 100, Seconds = 60, ClipSamples = 8 * FrontEndSettings.SampleRate;

    /// <summary>Measures and adds all of them.</summary>
    public static void Add(QuantityList quantities, int rounds, CancellationToken cancel)
    {
        using StemAffinity model = StemAffinity.Create();
        AddAllocation(quantities, model, rounds);
        AddShare(quantities, model, "decoding and front end, share of embedding 1 min of 16 kHz mono WAV", FrontEndSettings.SampleRate,
            channels: 1, rounds, cancel);
        AddShare(quantities, model, "decoding, resampling and front end, share of embedding 1 min of 44.1 kHz stereo WAV",
            sampleRate: 44100, channels: 2, rounds, cancel);
        AddRanking(quantities, model, rounds);
    }

    /// <summary>The embedding's values are not counted: they belong to the caller.</summary>
    private static void AddAllocation(QuantityList quantities, StemAffinity model, int rounds)
    {
        AudioClip clip = Noise.Clip(ClipSamples);
        model.Embed(clip);
        IEnumerable<double> bytes = Enumerable.Range(0, rounds).Select(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            StemEmbedding embedding = model.Embed(clip);
            return (double)(GC.GetAllocatedBytesForCurrentThread() - before - embedding.Vector.Length * sizeof(float));
        });
        quantities.AddBelow("managed memory allocated by embedding 8 s again, besides the embedding's values", bytes, "bytes", 2048);
    }

    private static void AddShare(
        QuantityList quantities, StemAffinity model, string name, int sampleRate, int channels, int rounds, CancellationToken cancel)
    {
        var windows = new LogMelStream(new LogMelSpectrogram(), WindowBatch.WindowFrames);
        var values = new float[FrontEndSettings.MelBands * WindowBatch.WindowFrames];
        WavReader Open() => new(new NoiseWavStream(Seconds, sampleRate, channels), "noise");
        void FrontEnd()
        {
            using var reader = new ResamplingReader(Open(), FrontEndSettings.SampleRate);
            windows.Open(reader);
            while (windows.Advance())
                windows.Write(values.AsSpan(0, FrontEndSettings.MelBands * windows.PaddedFrames));
        }
        void Whole()
        {
            using WavReader reader = Open();
            model.Embed(reader);
        }
        FrontEnd();
        Whole();
        var shares = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            shares.Add(100 * Timing.Seconds(FrontEnd) / Timing.Seconds(Whole));
        }
        quantities.AddBelow(name, shares, "%", 10);
    }

    private static void AddRanking(QuantityList quantities, StemAffinity model, int rounds)
    {
        StemEmbedding prediction = NoiseEmbedding.Create(model.Model, seed: 0);
        StemEmbedding[] candidates = [.. Enumerable.Range(1, Candidates).Select(seed => NoiseEmbedding.Create(model.Model, seed))];
        void Rank() => model.Rank(prediction, candidates);
        Timing.Seconds(Rank, Rankings);
        quantities.AddBelow($"rank {Candidates} embeddings made before",
            [.. Enumerable.Range(0, rounds).Select(_ => 1000 * Timing.Seconds(Rank, Rankings))], "ms", 1);
    }
}

/// <summary>Throughput of concurrent callers of one model.</summary>
internal static class Concurrency
{
    private const int ClipSamples = 8 * FrontEndSettings.SampleRate;
    private const double SecondsPerTurn = 1;

    private static readonly int[] Callers = [1, 2, 4, 8, 16];

    /// <summary>Measures clips of 8 s per second by number of callers, in turn, and adds the medians.</summary>
    /// <exception cref="StemJepaException">An embedding differs from that of a single caller in some bit.</exception>
    public static void Add(QuantityList quantities, int rounds, CancellationToken cancel)
    {
        IReadOnlyList<double> rates = Measure(rounds, cancel);
        for (int i = 0; i < rates.Count; i++)
        {
            string callers = Callers[i] == 1 ? "1 caller" : $"{Callers[i]} callers";
            quantities.Add($"clips of 8 s per second, {callers}", [rates[i]], "1/s");
            quantities.AddAtLeast("the same, of the best number of callers", [rates[i] / rates.Max()], "", 0.95);
        }
    }

    private static IReadOnlyList<double> Measure(int rounds, CancellationToken cancel)
    {
        using StemAffinity model = StemAffinity.Create();
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
            while (watch.Elapsed.TotalSeconds < SecondsPerTurn)
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
