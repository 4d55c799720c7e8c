using CliWrap;
using CliWrap.Buffered;
using static System.FormattableString;

namespace StemJepa.Benchmarks.UserPath;

/// <summary>Runs a <see cref="Trial"/> in a process of its own, which has loaded and compiled nothing yet.</summary>
internal static class FreshProcess
{
    /// <summary>Starts the model, and embeds a recording of <paramref name="seconds"/> if there are any.</summary>
    public static async Task<TrialResult> RunAsync(CancellationToken cancel, double seconds = 0, int sampleRate = 44100, int channels = 2, double rest = 0)
    {
        string program = Environment.ProcessPath!;
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(FreshProcess).Assembly.Location] : [];
        BufferedCommandResult result = await Cli.Wrap(program)
            .WithArguments([.. host, Trial.Verb, Invariant($"{seconds}"), Invariant($"{sampleRate}"), Invariant($"{channels}"), Invariant($"{rest}")])
            .ExecuteBufferedAsync(cancel);
        return ResultsJson.Parse<TrialResult>(result.StandardOutput, "a trial's process");
    }
}
