using System.Diagnostics;

namespace StemJepa.Benchmarks.UserPath;

/// <summary>What single calls cost: managed memory, the share of what comes before the networks, a ranking of embeddings made before.</summary>
internal static class CallCosts
{
    private const int Candidates = 1000, Rankings = 100, Seconds = 60, ClipSamples = 8 * FrontEndSettings.SampleRate;

    public static void Add(FigureList figures, int rounds, CancellationToken cancel)
    {
        using StemAffinity model = StemAffinity.Create();
        AddAllocation(figures, model, rounds);
        AddShare(figures, model, "decoding and front end, share of embedding 1 min of 16 kHz mono WAV", FrontEndSettings.SampleRate, channels: 1, rounds, cancel);
        AddShare(figures, model, "decoding, resampling and front end, share of embedding 1 min of 44.1 kHz stereo WAV", sampleRate: 44100, channels: 2, rounds, cancel);
        AddRanking(figures, model, rounds);
    }

    /// <summary>The embedding itself is the caller's, and as large as the model makes it.</summary>
    private static void AddAllocation(FigureList figures, StemAffinity model, int rounds)
    {
        AudioClip clip = Noise.Clip(ClipSamples);
        model.Embed(clip);
        IEnumerable<double> bytes = Enumerable.Range(0, rounds).Select(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            StemEmbedding embedding = model.Embed(clip);
            return (double)(GC.GetAllocatedBytesForCurrentThread() - before - embedding.Vector.Length * sizeof(float));
        });
        figures.AddBelow("managed memory allocated by embedding 8 s again, besides the embedding's values", bytes, "bytes", 2048);
    }

    private static void AddShare(FigureList figures, StemAffinity model, string name, int sampleRate, int channels, int rounds, CancellationToken cancel)
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
            shares.Add(100 * Time(FrontEnd, 1) / Time(Whole, 1));
        }
        figures.AddBelow(name, shares, "%", 10);
    }

    private static void AddRanking(FigureList figures, StemAffinity model, int rounds)
    {
        StemEmbedding prediction = Embeddings.Noise(model.Model, seed: 0);
        StemEmbedding[] candidates = [.. Enumerable.Range(1, Candidates).Select(seed => Embeddings.Noise(model.Model, seed))];
        void Rank() => model.Rank(prediction, candidates);
        Time(Rank, Rankings);
        figures.AddBelow($"rank {Candidates} embeddings made before", [.. Enumerable.Range(0, rounds).Select(_ => 1000 * Time(Rank, Rankings))], "ms", 1);
    }

    private static double Time(Action work, int repeats)
    {
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < repeats; i++)
            work();
        return watch.Elapsed.TotalSeconds / repeats;
    }
}
