using System.Reflection;

namespace StemJepa;

/// <summary>Files inside the library's own assembly. Their content is not hashed again at run time: the assembly is the package's. Thread-safe.</summary>
internal static class AssemblyFile
{
    /// <summary>How errors call a file.</summary>
    internal static string NameOf(string name) => $"{name} inside StemJepa.Core";

    /// <summary>A file's content; null if this build has no such file.</summary>
    internal static byte[]? TryRead(string name)
    {
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name);
        if (stream is null)
            return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
