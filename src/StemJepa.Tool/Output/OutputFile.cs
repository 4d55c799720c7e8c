namespace StemJepa.Tool.Output;

/// <summary>Names of files that are written, as given on the command line.</summary>
internal static class OutputFile
{
    private static readonly StringComparer Names =
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>Refuses a name that no file can be written at, or that is an input of the command, before any work is done.</summary>
    /// <param name="path">What the user gave.</param>
    /// <param name="option">The option's name.</param>
    /// <param name="inputs">Recordings that the command reads, which stay as they are.</param>
    /// <exception cref="UsageException">It is empty, a folder, in a folder that does not exist, or an input.</exception>
    public static void Require(string path, string option, params ReadOnlySpan<string> inputs)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new UsageException($"{option} '{path}' names no file; give the name of the file to write.");
        if (Directory.Exists(path))
            throw new UsageException($"{option} '{path}' is a folder; give the name of a file in it.");
        string full = Path.GetFullPath(path);
        if (!Directory.Exists(Path.GetDirectoryName(full)))
            throw new UsageException($"{option} '{path}' lies in a folder that does not exist; create it first.");
        foreach (string input in inputs)
        {
            if (Names.Equals(Path.GetFullPath(input), full))
                throw new UsageException($"{option} '{path}' is a recording that is read, and would be written over; give another name.");
        }
    }
}
