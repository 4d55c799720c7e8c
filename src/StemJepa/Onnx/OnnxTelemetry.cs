using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// Switches ONNX Runtime's telemetry off, before its native library is first called: later it has already written a device id and made
/// connections. It reads the C environment, which <see cref="Environment.SetEnvironmentVariable(string, string?)"/> does not change on
/// Linux and macOS. Thread-safe.
/// </summary>
internal static partial class OnnxTelemetry
{
    internal const string Variable = "ORT_DISABLE_TELEMETRY";

    private const string Off = "1";

    private static readonly Lazy<bool> Done = new(Set);

    /// <summary>
    /// Sets the variable <see cref="Variable"/> of this process to 1, once; a value that it has already, be it 0, stays.
    /// </summary>
    internal static void SwitchOff() => _ = Done.Value;

    private static bool Set()
    {
        string value = Environment.GetEnvironmentVariable(Variable) ?? Off;
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Environment.SetEnvironmentVariable(Variable, value); // SetEnvironmentVariableW, and the C runtime's own copy below.
                return PutEnvironment(Variable, value) == 0;
            }
            return SetEnvironment(Variable, value, 0) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false; // A platform without this C library; ONNX Runtime's natives need it, so that none of them loads here.
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PutEnvironment(string name, string value);
}
