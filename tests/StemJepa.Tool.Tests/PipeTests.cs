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

    [ShippedHeadsFact]
    public async Task A_mix_that_can_be_read_once_is_searched_for_and_cannot_be_fitted_to()
    {
        string mix = TestWav.Tone(_folder.PathOf("mix.wav"), 220), library = _folder.PathOf("library"), catalog = _folder.PathOf("catalog");
        Directory.CreateDirectory(library);
        TestWav.Tone(Path.Combine(library, "a bass.wav"), 55);
        TestWav.Tone(Path.Combine(library, "b bass.wav"), 110);
        string search = $"cat '{mix}' | $TOOL search /dev/stdin --in '{catalog}' --stem bass";
        ToolResult found = await Bash($"$TOOL index '{library}' --to '{catalog}' --no-analysis > /dev/null && {search} --json", model: "");
        Assert.Equal(0, found.ExitCode);
        Assert.Equal(2, found.Json.GetProperty("results").GetArrayLength());

        (await Bash($"{search} --fit", model: "")).IsRefused(2, "/dev/stdin");
        (await Bash($"cat '{mix}' | $TOOL rank /dev/stdin '{library}' --stem bass --fit", model: "")).IsRefused(2, "/dev/stdin");
    }

    public void Dispose() => _folder.Dispose();

    private static double Affinity(ToolResult result) => result.Json.GetProperty("affinity").GetDouble();

    /// <summary>Runs a line of bash in which $TOOL, followed by a command, is the tool.</summary>
    /// <param name="line">The line.</param>
    /// <param name="model">Options of the last command; null: the golden model.</param>
    private static Task<ToolResult> Bash(string line, string? model = null)
    {
        Command tool = ToolRun.Process();
        return ToolRun.Run(Cli.Wrap("bash")
            .WithArguments(["-c", line.Replace("$TOOL", $"'{tool.TargetFilePath}' {tool.Arguments}") 
                + (model ?? $" --model '{ToolRun.Model}'")])
            .WithValidation(CommandResultValidation.None));
    }
}
