using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace StemJepa.Benchmarks;

/// <summary>How fast all cores together read memory that no cache holds: what a search through all vectors cannot exceed.</summary>
internal sealed class MemoryBandwidth
{
    private const int BlockBytes = 1 << 20, Blocks = 1024;
    private readonly byte[][] _memory = [.. Enumerable.Range(0, Blocks).Select(seed =>
    {
        var block = new byte[BlockBytes];
        new Random(seed).NextBytes(block);
        return block;
    })];

    /// <summary>Bytes a second, measured once.</summary>
    internal double Measure()
    {
        long sum = 0;
        var watch = Stopwatch.StartNew();
        Parallel.ForEach(_memory, block => Interlocked.Add(ref sum, Sum(MemoryMarshal.Cast<byte, Vector<long>>(block))));
        double seconds = watch.Elapsed.TotalSeconds;
        GC.KeepAlive(sum);
        return (double)Blocks * BlockBytes / seconds;
    }

    private static long Sum(ReadOnlySpan<Vector<long>> words)
    {
        Vector<long> a = default, b = default, c = default, d = default;
        for (int i = 0; i < words.Length; i += 4)
        {
            a += words[i];
            b += words[i + 1];
            c += words[i + 2];
            d += words[i + 3];
        }
        return Vector.Sum(a + b + c + d);
    }
}
