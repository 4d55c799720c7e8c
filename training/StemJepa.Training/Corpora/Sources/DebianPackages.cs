using System.Text;
using CliWrap;

namespace StemJepa.Training.Corpora;

/// <summary>What is installed on this Debian system. Thread-safe.</summary>
public static class DebianPackages
{
    /// <summary>The installed version of <paramref name="package"/>, or "unknown" where there is no dpkg.</summary>
    public static async Task<string> VersionAsync(string package, CancellationToken cancel)
    {
        if (!HasProgram("dpkg-query")) return "unknown";
        var output = new StringBuilder();
        CommandResult result = await Cli.Wrap("dpkg-query").WithArguments(["-W", "-f", "${Version}", package])
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output)).WithValidation(CommandResultValidation.None).ExecuteAsync(cancel);
        return result.IsSuccess && output.Length > 0 ? output.ToString().Trim() : "unknown";
    }

    /// <summary>True if a program of this name is on the PATH.</summary>
    public static bool HasProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, name)));
}
