using System.Globalization;
using System.Text.Json.Serialization;
using CliWrap;
using CliWrap.Buffered;

namespace StemJepa.Reporting;

/// <summary>Date, machine and commit of a measurement, as results files state them.</summary>
/// <param name="Date">UTC day, ISO 8601.</param>
/// <param name="Machine">Processor, cores and operating system.</param>
/// <param name="Commit">Commit of the code, with <c>-dirty</c> appended when files differ from it.</param>
internal sealed record Provenance(
    [property: JsonPropertyName("date")] string Date,
    [property: JsonPropertyName("machine")] string Machine,
    [property: JsonPropertyName("commit")] string Commit)
{
    /// <summary>Describes this machine, today, and the commit of the current folder (<c>unknown</c> outside a repository).</summary>
    public static async Task<Provenance> HereAsync() => new(
        DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        $"{Processor()}, {Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}",
        await CommitAsync());

    private static string Processor()
    {
        const string file = "/proc/cpuinfo", key = "model name";
        string? line = File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(text => text.StartsWith(key, StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static async Task<string> CommitAsync()
    {
        try
        {
            BufferedCommandResult result = await Cli.Wrap("git")
                .WithArguments(["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"])
                .ExecuteBufferedAsync();
            return result.StandardOutput.Trim();
        }
        catch (Exception error) when (error is CliWrap.Exceptions.CommandExecutionException or System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
