using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>Creates the ONNX Runtime sessions of one model on the execution provider that the options ask for. Not thread-safe.</summary>
internal sealed class OnnxSessionFactory
{
    private const string CudaProvider = "CUDAExecutionProvider";

    private readonly StemAffinityOptions _options;

    /// <summary>Decides on the execution provider, as far as that can be seen before a network is loaded.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="StemJepaException">ONNX Runtime is missing, or CUDA was demanded and cannot be used.</exception>
    internal OnnxSessionFactory(StemAffinityOptions options)
    {
        options.Check();
        _options = options;
        IReadOnlyList<string> available = AvailableProviders();
        if (options.ExecutionProvider == ExecutionProvider.Cpu)
            return;
        Provider = ExecutionProvider.Cuda;
        if (!available.Contains(CudaProvider))
        {
            GiveUpCuda($"{CudaRequirements.Provider} is missing",
                $"use the package StemJepa.Gpu in place of StemJepa, on a machine with {CudaRequirements.Machine}", null);
        }
    }

    /// <summary>The provider in use: <see cref="ExecutionProvider.Cpu"/> or <see cref="ExecutionProvider.Cuda"/>.</summary>
    internal ExecutionProvider Provider { get; private set; } = ExecutionProvider.Cpu;

    /// <summary>Loads a network; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="StemJepaException">
    /// ONNX Runtime does not take the network, or takes too long, or CUDA was demanded and does not start.
    /// </exception>
    internal InferenceSession Create(byte[] network, string source)
    {
        NetworkRules.Check(network, source);
        if (Provider == ExecutionProvider.Cuda)
        {
            try
            {
                return OpenOnCuda(network, source);
            }
            catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
            {
                string obstacle = CudaRequirements.FindMissing() is { } missing ? $"{missing} is missing" : OneLine(e);
                GiveUpCuda(obstacle, $"install {CudaRequirements.Machine} where the loader finds them", e);
            }
        }
        try
        {
            return OpenInTime(network, source, cuda: false);
        }
        catch (OnnxRuntimeException e)
        {
            throw new StemJepaException($"{source} is not a network that ONNX Runtime can load ({OneLine(e)}): export the model again.", e);
        }
    }

    /// <summary>A native message without line breaks and without a full stop at its end.</summary>
    internal static string OneLine(Exception e) =>
        string.Join(' ', e.Message.Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');

    /// <summary>
    /// Opens a session on CUDA, or throws; what ONNX Runtime would also print on standard error is in the exception, and kept from there.
    /// </summary>
    private InferenceSession OpenOnCuda(byte[] network, string source)
    {
        OrtEnv environment = OrtEnv.Instance();
        OrtLoggingLevel level = environment.EnvLogLevel;
        environment.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        try
        {
            return OpenInTime(network, source, cuda: true);
        }
        finally
        {
            environment.EnvLogLevel = level;
        }
    }

    /// <summary>ONNX Runtime computes what does not depend on the inputs while it loads a network.</summary>
    private InferenceSession OpenInTime(byte[] network, string source, bool cuda)
    {
        InferenceSession? session = null;
        if (TimeLimit.TryRun(() => session = Open(network, cuda), _options.FirstRunLimit, null, out _))
            return session!;
        throw new StemJepaException(
            $"{source} was not loaded within {_options.FirstRunLimit.TotalSeconds:0.#} s: use another model, or allow more time with "
            + $"{nameof(StemAffinityOptions)}.{nameof(StemAffinityOptions.FirstRunLimit)}.", StemJepaErrorKind.Runtime);
    }

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
            session.AppendExecutionProvider_CUDA(_options.DeviceId);
        return new InferenceSession(network, session);
    }

    private void GiveUpCuda(string obstacle, string cure, Exception? cause)
    {
        if (_options.ExecutionProvider == ExecutionProvider.Cuda)
        {
            string message = $"CUDA cannot be used ({obstacle}): {cure}, or choose the execution provider Auto or Cpu.";
            throw cause is null
                ? new StemJepaException(message, StemJepaErrorKind.Runtime)
                : new StemJepaException(message, cause, StemJepaErrorKind.Runtime);
        }
        Provider = ExecutionProvider.Cpu;
        _options.Log?.Invoke($"StemJepa runs on the processor, because CUDA cannot be used ({obstacle}); to run on a GPU, {cure}.");
    }

    /// <summary>The first touch of ONNX Runtime in a process.</summary>
    private static IReadOnlyList<string> AvailableProviders()
    {
        OnnxTelemetry.SwitchOff();
        try
        {
            OrtEnv environment = OrtEnv.Instance();
            OnnxRuntimeLibrary.CheckVersion(environment.GetVersionString());
            return environment.GetAvailableProviders();
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException
            or BadImageFormatException or NullReferenceException)
        {
            throw OnnxRuntimeLibrary.Explain(e);
        }
    }
}
