using CliWrap.Buffered;
using CliWrap;

namespace StemJepa.Tool.Tests;

/// <summary>Runs the tool inside the test process, or as a process of its own where environment or signals matter.</summary>
internal static class ToolRun
{
    public static readonly string Model = Path.Combine(AppContext.BaseDirectory, "golden-model");

    private static readonly string Assembly = typeof(Application).Assembly.Location;

    public static async Task<ToolResult> InProcess(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await Application.RunAsync(arguments, output, error, CancellationToken.None);
        return new ToolResult(code, output.ToString(), error.ToString());
    }

    /// <summary>With the golden model.</summary>
    public static Task<ToolResult> WithModel(params string[] arguments) => InProcess([.. arguments, "--model", Model]);

    public static Command Process(params string[] arguments) =>
        Cli.Wrap(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        .WithArguments([Assembly, .. arguments])
        .WithValidation(CommandResultValidation.None);

    public static async Task<ToolResult> Run(Command command)
    {
        BufferedCommandResult result = await command.ExecuteBufferedAsync();
        return new ToolResult(result.ExitCode, result.StandardOutput, result.StandardError);
    }
}
