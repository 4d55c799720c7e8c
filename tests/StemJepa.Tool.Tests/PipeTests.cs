using CliWrap;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>Recordings through standard input and process substitution.</summary>
public sealed class PipeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [RequiresProgramFact("bash")]
    public async Task Wav_through_standard_input_and_process_substitution_is_read_like_the_file()
    {
        string mix = TestWav.Tone(_folder.PathOf("mix.wav"), 220), bass = TestWav.Tone(_folder.PathOf("bass.wav"), 55);
        ToolResult expected = await ToolRun.WithModel("affinity", mix, bass, "--stem", "bass", "--json");

        ToolResult stdin = await Bash($"cat '{bass}' | $TOOL affinity '{mix}' /dev/stdin --stem bass --json");
        ToolResult substituted = await Bash($"$TOOL affinity <(cat '{mix}') <(cat '{bass}') --stem bass --json");

        foreach (ToolResult result in (ToolResult[])[stdin, substituted])
        {
            Assert.Equal(0, result.ExitCode);
            Assert.Equal(Affinity(expected), Affinity(result), 1e-6);
        }
    }

    [RequiresProgramFact("bash")]
    public async Task Empty_pipe_and_pipe_of_another_format_are_bad_data()
    {
        string mix = TestWav.Tone(_folder.PathOf("mix.wav"), 220);
        (await Bash($": | $TOOL affinity '{mix}' /dev/stdin --stem bass")).IsRefused(1, "/dev/stdin");
        (await Bash($"echo fLaC and nothing that matters | $TOOL affinity '{mix}' /dev/stdin --stem bass")).IsRefused(1, "/dev/stdin");
    }

    public void Dispose() => _folder.Dispose();

    private static double Affinity(ToolResult result) => result.Json.GetProperty("affinity").GetDouble();

    /// <summary>Runs a line of bash in which $TOOL, followed by a command, is the tool with the golden model.</summary>
    private static Task<ToolResult> Bash(string line)
    {
        Command tool = ToolRun.Process();
        return ToolRun.Run(Cli.Wrap("bash")
            .WithArguments(["-c", line.Replace("$TOOL", $"'{tool.TargetFilePath}' {tool.Arguments}") + $" --model '{ToolRun.Model}'"])
            .WithValidation(CommandResultValidation.None));
    }
}
