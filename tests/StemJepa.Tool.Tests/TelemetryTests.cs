using CliWrap;
using CliWrap.Buffered;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>ONNX Runtime's telemetry, which is on by default and off where it sees a CI machine, stays off.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [RequiresProgramFact("bash")]
    public async Task A_process_that_embeds_writes_no_file_of_its_own_and_opens_no_socket()
    {
        string home = _folder.PathOf("home");
        Directory.CreateDirectory(home);
        CommandTask<BufferedCommandResult> run = Bench(home).ExecuteBufferedAsync();

        var sockets = new HashSet<string>();
        int looks = 0;
        for (; !run.Task.IsCompleted; looks++)
        {
            sockets.UnionWith(OpenFiles(run.ProcessId).Where(target => target.StartsWith("socket:", StringComparison.Ordinal)));
            await Task.Delay(20);
        }
        BufferedCommandResult result = await run;

        Assert.True(looks > 50, $"looked at the process {looks} times only");
        Assert.Equal((0, ""), (result.ExitCode, result.StandardError));
        Assert.Empty(sockets);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home, "*", SearchOption.AllDirectories));
    }

    [RequiresProgramFact("bash")]
    public async Task A_home_that_cannot_be_written_makes_no_warning()
    {
        BufferedCommandResult result = await Bench("/proc/no-home").ExecuteBufferedAsync();

        Assert.Equal((0, ""), (result.ExitCode, result.StandardError));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Embeds for three seconds: telemetry waits before it sends. Without what tells ONNX Runtime of a CI machine.</summary>
    private static Command Bench(string home) => ToolRun.Process("bench", "--seconds", "3", "--json", "--model", ToolRun.Model)
        .WithEnvironmentVariables(variables =>
        {
            variables.Set("HOME", home).Set("DOTNET_EnableDiagnostics", "0"); // The runtime's own socket for debuggers.
            string[] unset = ["CI", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "TF_BUILD"];
            foreach (string name in unset)
                variables.Set(name, null);
        });

    private static string[] OpenFiles(int process)
    {
        try
        {
            return [.. Directory.GetFiles($"/proc/{process}/fd").Select(file => new FileInfo(file).LinkTarget ?? "")];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // It has ended.
        }
    }
}
