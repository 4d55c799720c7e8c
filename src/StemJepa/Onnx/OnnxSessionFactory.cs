using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>Creates the ONNX Runtime sessions of one model on the execution provider that the options ask for. Not thread-safe.</summary>
internal sealed class OnnxSessionFactory
{
    private const string CudaProvider = "CUDAExecutionProvider";
    private const string CudaCure = "use the package StemJepa.Gpu in place of StemJepa, with an NVIDIA driver, CUDA and cuDNN";

    private readonly StemAffinityOptions _options;

    /// <summary>Decides on the execution provider, as far as that can be seen before a network is loaded.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="StemJepaException">ONNX Runtime is missing, or CUDA was demanded and cannot be used.</exception>
    internal OnnxSessionFactory(StemAffinityOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        if (!Enum.IsDefined(options.ExecutionProvider))
            throw new ArgumentOutOfRangeException(nameof(options), options.ExecutionProvider,
                "The execution provider is Cpu, Cuda or Auto.");
        _options = options;
        IReadOnlyList<string> available = AvailableProviders();
        if (options.ExecutionProvider == ExecutionProvider.Cpu)
            return;
        Provider = ExecutionProvider.Cuda;
        if (!available.Contains(CudaProvider))
            GiveUpCuda("the ONNX Runtime in this process was built without it", null);
    }

    /// <summary>The provider in use: <see cref="ExecutionProvider.Cpu"/> or <see cref="ExecutionProvider.Cuda"/>.</summary>
    internal ExecutionProvider Provider { get; private set; } = ExecutionProvider.Cpu;

    /// <summary>Loads a network; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="StemJepaException">ONNX Runtime does not take the network, or CUDA was demanded and does not start.</exception>
    internal InferenceSession Create(byte[] network, string source)
    {
        if (Provider == ExecutionProvider.Cuda)
        {
            try
            {
                return Open(network, cuda: true);
            }
            catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
            {
                GiveUpCuda(OneLine(e), e);
            }
        }
        try
        {
            return Open(network, cuda: false);
        }
        catch (OnnxRuntimeException e)
        {
            throw new StemJepaException($"{source} is not a network that ONNX Runtime can load ({OneLine(e)}): export the model again.", e);
        }
    }

    /// <summary>A native message without line breaks and without a full stop at its end.</summary>
    internal static string OneLine(Exception e) =>
        string.Join(' ', e.Message.Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');

    private InferenceSession Open(byte[] network, bool cuda)
    {
        using var session = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            InterOpNumThreads = 1,
            IntraOpNumThreads = _options.ThreadCount,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        session.AddSessionConfigEntry("session.force_spinning_stop", "1");
        session.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        if (cuda)
            session.AppendExecutionProvider_CUDA(0);
        return new InferenceSession(network, session);
    }

    private void GiveUpCuda(string obstacle, Exception? cause)
    {
        if (_options.ExecutionProvider == ExecutionProvider.Cuda)
        {
            string message = $"CUDA cannot be used ({obstacle}): {CudaCure}, or choose the execution provider Auto or Cpu.";
            throw cause is null
                ? new StemJepaException(message, StemJepaErrorKind.Runtime)
                : new StemJepaException(message, cause, StemJepaErrorKind.Runtime);
        }
        Provider = ExecutionProvider.Cpu;
        _options.Log?.Invoke($"StemJepa runs on the processor, because CUDA cannot be used ({obstacle}); to run on a GPU, {CudaCure}.");
    }

    private static IReadOnlyList<string> AvailableProviders()
    {
        try
        {
            return OrtEnv.Instance().GetAvailableProviders();
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw new StemJepaException(
                "ONNX Runtime's native library cannot be loaded: add the package StemJepa, or StemJepa.Gpu, to the program.", e,
                StemJepaErrorKind.Runtime);
        }
    }
}
