using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>What the CUDA provider of the ONNX Runtime that StemJepa.Gpu brings needs on a machine. Thread-safe.</summary>
internal static class CudaRequirements
{
    /// <summary>The major versions that its libraries are linked with.</summary>
    internal const int CudaMajor = 13, CudnnMajor = 9;

    private static readonly string[] OnWindows =
        ["nvcuda.dll", "cudart64_13.dll", "cublasLt64_13.dll", "cublas64_13.dll", "cufft64_12.dll", "cudnn64_9.dll"];

    private static readonly string[] OnLinux =
        ["libcuda.so.1", "libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13", "libcurand.so.10", "libcufft.so.12", "libcudnn.so.9"];

    /// <summary>What to install.</summary>
    internal static string Machine { get; } = $"an NVIDIA driver, CUDA {CudaMajor} and cuDNN {CudnnMajor}";

    /// <summary>The provider's own library, which StemJepa.Gpu brings.</summary>
    internal static string Provider { get; } =
        OperatingSystem.IsWindows() ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so";

    /// <summary>The first of the libraries that the loader does not find; null if it finds all.</summary>
    internal static string? FindMissing() => Array.Find(OperatingSystem.IsWindows() ? OnWindows : OnLinux, library => !Exists(library));

    private static bool Exists(string library)
    {
        if (!NativeLibrary.TryLoad(library, out nint handle))
            return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
