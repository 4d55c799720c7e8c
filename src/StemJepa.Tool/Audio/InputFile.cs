using StemJepa.Tool.Output;

namespace StemJepa.Tool.Audio;

/// <summary>A recording that the command line names.</summary>
internal static class InputFile
{
    /// <summary>Refuses a path that is a folder or nothing at all, before any work is done.</summary>
    /// <param name="path">What the user gave.</param>
    /// <param name="argument">The argument's name in the usage.</param>
    /// <exception cref="UsageException">There is no file at this path.</exception>
    public static void Require(string path, string argument)
    {
        if (Directory.Exists(path))
            throw new UsageException($"{argument} '{path}' is a folder; give one recording, such as a WAV file.");
        if (!File.Exists(path))
            throw new UsageException($"{argument} '{path}' does not exist; give the path of a recording, such as a WAV file.");
    }
}
