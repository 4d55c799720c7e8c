using System.Diagnostics;
using StemJepa.TestSupport;

namespace StemJepa.Campaign.Tests;

/// <summary>
/// Many callers of one model, some of whom are cancelled at random times, and a model that is disposed of at a random time. Oracle: a call
/// gives what it gives alone, or is cancelled, or finds the model disposed of; all calls end, and disposed models give their memory back.
/// </summary>
internal static class RandomCancels
{
    private const int Callers = 64, LongestMilliseconds = 100, LatestDisposal = 500;
    /// <summary>Less than what two of the models take, each of which is loaded twice.</summary>
    private const long MostKept = 8 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs rounds.</summary>
    internal static async Task<CallCounts> RunAsync(int seed, int rounds)
    {
        AudioClip[] clips = [.. Enumerable.Range(1, 6).Select(i => GoldenModel.Music(12_000 * i, i, 8000 * (1 + i % 3)))];
        float[][] expected;
        using (StemAffinity alone = StemAffinity.Load(GoldenModel.Folder))
            expected = [.. clips.Select(clip => alone.Embed(clip).Vector.ToArray())];
        long? before = NativeMemory.InUse();
        long done = 0, cancelled = 0, disposed = 0;
        for (int round = 0; round < rounds; round++)
        {
            var random = new Random(unchecked(seed * 7919 + round));
            StemAffinity model = StemAffinity.Load(GoldenModel.Folder, new StemAffinityOptions { Threads = random.Next(1, 4) });
            int[] seeds = [.. Enumerable.Range(0, Callers).Select(_ => random.Next())];
            void Count(Ending ending) => Interlocked.Increment(
                ref ending == Ending.Done ? ref done : ref ending == Ending.Cancelled ? ref cancelled : ref disposed);
            Task calls = Task.WhenAll(seeds.Select(own => Task.Run(() => CallAsync(model, clips, expected, own, Count))));
            if (random.Next(2) == 0)
            {
                await Task.Delay(random.Next(LatestDisposal));
                model.Dispose();
            }
            Assert.True(await Task.WhenAny(calls, Task.Delay(Patience)) == calls, $"seed {seed}, round {round}: calls do not end");
            await calls;
            model.Dispose();
        }
        return new CallCounts(done, cancelled, disposed, MemoryLeft(before, $"seed {seed}, {rounds} models"));
    }

    private static MemoryLeft? MemoryLeft(long? before, string of)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (before is null || NativeMemory.InUse() - before is not { } kept)
            return null;
        Assert.True(kept < MostKept, $"{of}: {kept} bytes stay in use");
        long occupied = Environment.WorkingSet;
        NativeMemory.Trim();
        return new MemoryLeft(Megabytes(kept), Megabytes(occupied), Megabytes(Environment.WorkingSet));
    }

    private static double Megabytes(long bytes) => Math.Round(bytes / 1e6, 1);

    private enum Ending
    {
        Done,
        Cancelled,
        Disposed,
    }

    private static async Task CallAsync(StemAffinity model, AudioClip[] clips, float[][] expected, int seed, Action<Ending> ended)
    {
        var random = new Random(seed);
        using var source = new CancellationTokenSource();
        if (random.Next(2) == 0)
            source.CancelAfter(random.Next(LongestMilliseconds));
        int clip = random.Next(clips.Length), other = random.Next(clips.Length);
        try
        {
            switch (random.Next(4))
            {
                case 0:
                    Assert.Equal(expected[clip], model.Embed(clips[clip], source.Token).Vector.ToArray());
                    break;
                case 1:
                    Assert.Equal(expected[clip], (await model.EmbedAsync(clips[clip], source.Token)).Vector.ToArray());
                    break;
                case 2:
                    await model.RankAsync(clips[clip], [clips[other], clips[clip]], Stem.Bass, (AffinityComparison)random.Next(2), null,
                        source.Token);
                    break;
                default:
                    await foreach (StemEmbedding embedding in model.EmbedManyAsync([clips[clip], clips[clip]], source.Token))
                        Assert.Equal(expected[clip], embedding.Vector.ToArray());
                    break;
            }
            ended(Ending.Done);
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            ended(Ending.Cancelled);
        }
        catch (ObjectDisposedException)
        {
            ended(Ending.Disposed);
        }
    }
}

/// <summary>How calls ended.</summary>
/// <param name="Done">Calls that gave what they give alone.</param>
/// <param name="Cancelled">Calls that were cancelled.</param>
/// <param name="Disposed">Calls that found the model disposed of.</param>
/// <param name="Memory">What all models left; null where the C library does not tell.</param>
internal sealed record CallCounts(long Done, long Cancelled, long Disposed, MemoryLeft? Memory);

/// <summary>Memory after all models were disposed of, in units of 1e6 bytes.</summary>
/// <param name="InUse">What the C library's allocator has given out, more than before.</param>
/// <param name="Process">What the process occupies.</param>
/// <param name="Trimmed">What it occupies after the allocator has given back what it keeps.</param>
internal sealed record MemoryLeft(double InUse, double Process, double Trimmed);
