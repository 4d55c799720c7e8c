using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>What this machine can do at best, measured by libtorch's float32 matrix product and by copying memory.</summary>
internal static class MachineLimits
{
    private const int MatrixSize = 2048, CopyFloats = 1 << 26;

    /// <summary>Float32 multiplications and additions, in units of 1e9 a second.</summary>
    public static double GemmGigaflopsPerSecond(int threads)
    {
        using var scope = NewDisposeScope();
        set_num_threads(threads);
        Tensor a = randn(MatrixSize, MatrixSize), b = randn(MatrixSize, MatrixSize);
        a.matmul(b);
        return 2.0 * MatrixSize * MatrixSize * MatrixSize / 1e9 / Seconds(() => a.matmul(b));
    }

    /// <summary>Bytes read and written, in units of 1e9 a second, by a copy of more than any cache holds, on one thread.</summary>
    public static double CopyGigabytesPerSecond()
    {
        float[] from = GC.AllocateUninitializedArray<float>(CopyFloats), to = GC.AllocateUninitializedArray<float>(CopyFloats);
        from.AsSpan().Fill(1);
        from.CopyTo(to, 0);
        return 2.0 * sizeof(float) * CopyFloats / 1e9 / Seconds(() => from.CopyTo(to, 0));
    }

    private static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }
}
