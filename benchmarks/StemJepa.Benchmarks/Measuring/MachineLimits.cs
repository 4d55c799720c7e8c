using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using StemJepa.Export.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Benchmarks.Measuring;

/// <summary>
/// Peak rates of this machine. Every call measures again, so that a limit is measured in the same rounds as the work that is compared with
/// it. Buffers and sessions are created on first use and kept. Not thread-safe.
/// </summary>
internal sealed class MachineLimits : IDisposable
{
    private const int MatrixSize = 2048, CopyFloats = 1 << 26, BlockBytes = 1 << 20, Blocks = 1024;
    private readonly Dictionary<int, InferenceSession> _products = [];
    private readonly Lazy<OrtValue> _matrix =
        new(() => OrtValue.CreateTensorValueFromMemory(Noise.Samples(MatrixSize * MatrixSize), [MatrixSize, MatrixSize]));
    private readonly Lazy<OrtValue> _result =
        new(() => OrtValue.CreateTensorValueFromMemory(new float[MatrixSize * MatrixSize], [MatrixSize, MatrixSize]));
    private readonly Lazy<(float[] From, float[] To)> _copy = new(() =>
    {
        var from = new float[CopyFloats];
        from.AsSpan().Fill(1);
        return (from, new float[CopyFloats]);
    });
    private readonly Lazy<byte[][]> _memory = new(() => [.. Enumerable.Range(0, Blocks).Select(seed =>
    {
        var block = new byte[BlockBytes];
        new Random(seed).NextBytes(block);
        return block;
    })]);

    /// <summary>
    /// Float32 multiplications and additions, in units of 1e9 per second, of the faster of two libraries: libtorch's alone is no limit,
    /// since it does not use the widest registers on every CPU.
    /// </summary>
    public double GemmGigaflopsPerSecond(int threads) =>
        Math.Max(TorchGemmGigaflopsPerSecond(threads, ScalarType.Float32), OnnxRuntimeGemmGigaflopsPerSecond(threads));

    /// <summary>The same by libtorch alone, in any number format.</summary>
    public static double TorchGemmGigaflopsPerSecond(int threads, ScalarType type)
    {
        using var scope = NewDisposeScope();
        set_num_threads(threads);
        Tensor a = randn(MatrixSize, MatrixSize).to(type), b = randn(MatrixSize, MatrixSize).to(type);
        return GigaflopsPerSecond(() => a.matmul(b));
    }

    /// <summary>Bytes read and written, in units of 1e9 per second, by a copy of a block larger than any cache, on one thread.</summary>
    public double CopyGigabytesPerSecond()
    {
        (float[] from, float[] to) = _copy.Value;
        from.CopyTo(to, 0);
        return 2.0 * sizeof(float) * CopyFloats / 1e9 / Timing.Seconds(() => from.CopyTo(to, 0));
    }

    /// <summary>
    /// Bytes, in units of 1e9 per second, that all cores together read from a block larger than any cache: the limit of a search through
    /// all vectors.
    /// </summary>
    public double ReadGigabytesPerSecond()
    {
        byte[][] blocks = _memory.Value;
        long sum = 0;
        double seconds = Timing.Seconds(
            () => Parallel.ForEach(blocks, block => Interlocked.Add(ref sum, Sum(MemoryMarshal.Cast<byte, Vector<long>>(block)))));
        GC.KeepAlive(sum);
        return (double)Blocks * BlockBytes / 1e9 / seconds;
    }

    /// <summary>Disposes the sessions and buffers.</summary>
    public void Dispose()
    {
        foreach (InferenceSession session in _products.Values)
            session.Dispose();
        foreach (Lazy<OrtValue> value in new[] { _matrix, _result })
        {
            if (value.IsValueCreated)
                value.Value.Dispose();
        }
    }

    /// <summary>By ONNX Runtime, with the right matrix constant, as weights are.</summary>
    private double OnnxRuntimeGemmGigaflopsPerSecond(int threads)
    {
        if (!_products.TryGetValue(threads, out InferenceSession? session))
            _products[threads] = session = OpenProduct(threads);
        using var run = new RunOptions();
        string[] inputs = ["a"], outputs = ["product"];
        return GigaflopsPerSecond(() => session.Run(run, inputs, [_matrix.Value], outputs, [_result.Value]));
    }

    private static InferenceSession OpenProduct(int threads)
    {
        string size = $"{MatrixSize}";
        var graph = new GraphBuilder("product");
        string a = graph.Input("a", TensorProto.Types.DataType.Float, "A matrix.", size, size);
        graph.Node("MatMul", "product", [a, graph.Constant("b", Noise.Samples(MatrixSize * MatrixSize, seed: 2), MatrixSize, MatrixSize)]);
        graph.Output("product", TensorProto.Types.DataType.Float, "Its product with another.", size, size);
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return new InferenceSession(graph.Build("The limit of matrix products.").ToByteArray(), options);
    }

    private static double GigaflopsPerSecond(Action product)
    {
        product();
        return 2.0 * MatrixSize * MatrixSize * MatrixSize / 1e9 / Timing.Seconds(product);
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
