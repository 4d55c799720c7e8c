using System.Reflection;

namespace StemJepa;

/// <summary>
/// Files embedded in an assembly of the library. They are not hashed again at run time: the assembly is the package's. Thread-safe.
/// </summary>
internal static class AssemblyFile
{
    /// <summary>How errors name a file of the assembly that declares <typeparamref name="T"/>.</summary>
    internal static string NameOf<T>(string name) => $"{name} inside {typeof(T).Assembly.GetName().Name}";

    /// <summary>
    /// The content of a file of the assembly that declares <typeparamref name="T"/>; null if this build has no such file.
    /// </summary>
    internal static byte[]? TryRead<T>(string name)
    {
        Assembly assembly = typeof(T).Assembly;
        using Stream? stream = assembly.GetManifestResourceStream(name);
        if (stream is null)
            return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
