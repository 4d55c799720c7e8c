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
    /// <returns>Calls that ended in each way.</returns>
    internal static async Task<(long Done, long Cancelled, long Disposed)> RunAsync(int seed, int rounds)
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
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long? kept = NativeMemory.InUse() - before;
        Assert.True(kept is null or < MostKept, $"seed {seed}: {kept} bytes stay in use after {rounds} models");
        return (done, cancelled, disposed);
    }

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
