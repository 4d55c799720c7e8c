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

/// <summary>Throughput of one model: of concurrent callers, and of one call that embeds many recordings.</summary>
internal static class Concurrency
{
    private const int ClipSamples = 8 * FrontEndSettings.SampleRate;
    private const double SecondsPerTurn = 1;

    private static readonly int[] Callers = [1, 2, 4, 8, 16];

    /// <summary>Measures clips of 8 s per second of each way to call, in turn, and adds the medians.</summary>
    /// <exception cref="StemJepaException">An embedding differs from that of a single caller in some bit.</exception>
    public static void Add(QuantityList quantities, int rounds, CancellationToken cancel)
    {
        using StemAffinity model = StemAffinity.Create();
        AudioClip clip = Noise.Clip(ClipSamples);
        float[] expected = model.Embed(clip).Vector.ToArray();
        (string Name, Func<double> Rate, List<double> Rates)[] ways =
        [
            .. Callers.Select(callers => (callers == 1 ? "1 caller" : $"{callers} callers",
                (Func<double>)(() => RateOfCallers(model, clip, expected, callers)), new List<double>())),
            ("1 caller of EmbedManyAsync", () => RateOfOneCall(model, clip, expected, cancel), []),
        ];
        for (int round = -1; round < rounds; round++)
        {
            foreach ((_, Func<double> rate, List<double> rates) in ways)
            {
                cancel.ThrowIfCancellationRequested();
                double measured = rate();
                if (round >= 0)
                    rates.Add(measured);
            }
        }
        double best = ways.Max(way => way.Rates.Median());
        foreach ((string name, _, List<double> rates) in ways)
        {
            quantities.Add($"clips of 8 s per second, {name}", [rates.Median()], "1/s");
            quantities.AddAtLeast("the same, of the best way to call", [rates.Median() / best], "", 0.95);
        }
    }

    private static double RateOfCallers(StemAffinity model, AudioClip clip, float[] expected, int callers)
    {
        int done = 0, wrong = 0;
        var watch = Stopwatch.StartNew();
        Thread[] threads = [.. Enumerable.Range(0, callers).Select(_ => new Thread(() =>
        {
            while (watch.Elapsed.TotalSeconds < SecondsPerTurn)
                Count(model.Embed(clip), expected, ref done, ref wrong);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return Rate(done, wrong, watch);
    }

    private static double RateOfOneCall(StemAffinity model, AudioClip clip, float[] expected, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        IEnumerable<AudioClip> recordings =
            Enumerable.Repeat(clip, int.MaxValue).TakeWhile(_ => watch.Elapsed.TotalSeconds < SecondsPerTurn);
        int done = 0, wrong = 0;
        async Task Embed()
        {
            await foreach (StemEmbedding embedding in model.EmbedManyAsync(recordings, cancel))
                Count(embedding, expected, ref done, ref wrong);
        }
        Embed().GetAwaiter().GetResult();
        return Rate(done, wrong, watch);
    }

    private static void Count(StemEmbedding embedding, float[] expected, ref int done, ref int wrong)
    {
        if (!embedding.Vector.Span.SequenceEqual(expected))
            Interlocked.Increment(ref wrong);
        Interlocked.Increment(ref done);
    }

    private static double Rate(int done, int wrong, Stopwatch watch) => wrong == 0
        ? done / watch.Elapsed.TotalSeconds
        : throw new StemJepaException($"{wrong} of {done} embeddings differ from that of a single caller.");
}
