using System.Reflection;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// ONNX Runtime's native library: which version is wanted, and, where it does not load, which file is to blame. Thread-safe.
/// </summary>
internal static class OnnxRuntimeLibrary
{
    private const string Cure = "add the package StemJepa, or StemJepa.Gpu, to the program";

    /// <summary>The version that the library was built for; later ones work too.</summary>
    internal static Version Wanted { get; } = Version.Parse(typeof(OnnxRuntimeLibrary).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "OnnxRuntimeVersion").Value!);

    private static string FileName { get; } =
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";

    /// <summary>Refuses a native library that is older than the managed code, which calls functions that it may not have.</summary>
    /// <param name="found">Its version, as it says itself.</param>
    /// <exception cref="StemJepaException">It is older.</exception>
    internal static void CheckVersion(string found)
    {
        if (IsOlder(found))
            throw TooOld(FindFile() ?? FileName, found, null);
    }

    /// <summary>The error for a native library that did not load.</summary>
    internal static StemJepaException Explain(Exception cause)
    {
        string? file = FindFile();
        if (file is null)
        {
            string place = RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
                ? "has no build for musl; run on a system with glibc, such as Debian"
                : $"is neither beside the program nor in its packages; {Cure}";
            return new StemJepaException($"ONNX Runtime {Wanted} is missing: {FileName} {place}.", cause, StemJepaErrorKind.Runtime);
        }
        try
        {
            nint library = NativeLibrary.Load(file);
            string? found = ReadVersion(library);
            if (found is null)
                return Broken(file, "it is another library of that name", cause);
            return IsOlder(found) ? TooOld(file, found, cause) : Broken(file, OnnxSessionFactory.OneLine(cause.GetBaseException()), cause);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            const string advice = "environment variable: "; // What the loader said follows the runtime's advice on how to learn it.
            string message = OnnxSessionFactory.OneLine(e);
            int end = message.LastIndexOf(advice, StringComparison.Ordinal);
            return Broken(file, end < 0 ? message : message[(end + advice.Length)..], cause);
        }
    }

    private static bool IsOlder(string found) => !Version.TryParse(found.Split('-', '+')[0], out Version? version) || version < Wanted;

    private static StemJepaException TooOld(string file, string found, Exception? cause)
    {
        string message = $"{file} is ONNX Runtime {found}, and {Wanted} or later is wanted: remove it, or the reference that brings "
            + $"it, and {Cure}.";
        return cause is null
            ? new StemJepaException(message, StemJepaErrorKind.Runtime)
            : new StemJepaException(message, cause, StemJepaErrorKind.Runtime);
    }

    private static StemJepaException Broken(string file, string obstacle, Exception cause) => new(
        $"{file} cannot be used as ONNX Runtime {Wanted} ({obstacle}): install what it needs, or remove it and {Cure}.", cause,
        StemJepaErrorKind.Runtime);

    /// <summary>The first file of this name where the runtime looks for natives.</summary>
    private static string? FindFile()
    {
        string searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string native = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        return new[] { AppContext.BaseDirectory, native }
            .Concat(searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(Path.Exists);
    }

    /// <summary>What the library's <c>OrtGetApiBase()->GetVersionString()</c> says; null if it has no such function.</summary>
    private static unsafe string? ReadVersion(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint getBase))
            return null;
        var api = (nint*)((delegate* unmanaged<nint>)getBase)();
        return api is null ? null : Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)api[1])());
    }
}
