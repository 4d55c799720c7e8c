using System.Text;
using CliWrap;

namespace StemJepa.Training.Corpora;

/// <summary>
/// A temporary folder in which programs run, that is their home too, so that no settings of the user change what they do; disposing
/// deletes it. Not thread-safe: one for each call.
/// </summary>
internal sealed class ProgramFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("stemjepa-").FullName;

    /// <summary>Returns the path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Runs a program of the PATH to its end.</summary>
    /// <returns>Its exit code, and in one line what it said on both streams.</returns>
    public async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        var output = new StringBuilder();
        CommandResult result = await Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory(Path)
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["HOME"] = Path, ["QT_QPA_PLATFORM"] = "offscreen" })
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(output))
            .WithValidation(CommandResultValidation.None).ExecuteAsync(cancel);
        return (result.ExitCode, output.ToString().Trim().ReplaceLineEndings(" "));
    }

    /// <summary>Deletes the folder.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
