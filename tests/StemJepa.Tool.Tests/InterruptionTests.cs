using System.Diagnostics;
using CliWrap;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

public sealed class InterruptionTests
{
    [Fact]
    public async Task Cancelling_ends_with_130_and_one_sentence_and_leaves_whole_files_only()
    {
        using var folder = new TemporaryFolder();
        string quick = TestWav.Tone(folder.PathOf("quick.wav"), 220);
        string slow = TestWav.Sparse(folder.PathOf("slow.wav"), TimeSpan.FromHours(3));
        using var cancellation = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StringWriter();

        Task<int> run = Task.Run(() => Application.RunAsync(
            ["embed", quick, slow, "--out", folder.PathOf("out"), "--json", "--model", ToolRun.Model], output, error, cancellation.Token));
        await WaitFor(folder.PathOf("out/quick.npy"), run);
        cancellation.Cancel();

        Assert.Equal(130, await run);
        Assert.Equal("", output.ToString());
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
        Assert.Equal([folder.PathOf("out/quick.npy")], Directory.GetFiles(folder.PathOf("out")));
        Assert.NotEmpty(StemEmbedding.Load(folder.PathOf("out/quick.npy")).Vector.ToArray());
    }

    [RequiresProgramTheory("kill")]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task Ctrl_C_and_SIGTERM_end_the_process_with_130(string signal)
    {
        using var folder = new TemporaryFolder();
        string quick = TestWav.Tone(folder.PathOf("quick.wav"), 220);
        string slow = TestWav.Sparse(folder.PathOf("slow.wav"), TimeSpan.FromHours(3));
        var error = new System.Text.StringBuilder();
        CommandTask<CommandResult> run = ToolRun.Process("embed", quick, slow, "--out", folder.PathOf("out"), "--model", ToolRun.Model)
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(error)).ExecuteAsync();
        await WaitFor(folder.PathOf("out/quick.npy"), run.Task);

        using (Process kill = Process.Start("kill", [signal, run.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        CommandResult result = await run;

        Assert.Equal(130, result.ExitCode);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
        Assert.Equal([folder.PathOf("out/quick.npy")], Directory.GetFiles(folder.PathOf("out")));
    }

    /// <summary>It hashes every file before it embeds the first: here, many gigabytes of zeros that take no room.</summary>
    [RequiresProgramTheory("kill")]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task Indexing_that_is_interrupted_while_it_hashes_ends_with_130(string signal)
    {
        using var folder = new TemporaryFolder();
        string library = folder.PathOf("library"), catalog = folder.PathOf("catalog");
        Directory.CreateDirectory(library);
        using (FileStream endless = File.Create(Path.Combine(library, "a.wav")))
            endless.SetLength(1L << 38);
        var error = new System.Text.StringBuilder();
        CommandTask<CommandResult> run = ToolRun.Process("index", library, "--to", catalog, "--model", ToolRun.Model)
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(error)).ExecuteAsync();
        await WaitFor(Path.Combine(catalog, "catalog.db"), run.Task);
        await Task.Delay(1000);
        Assert.False(run.Task.IsCompleted, error.ToString());

        var watch = Stopwatch.StartNew();
        using (Process kill = Process.Start("kill", [signal, run.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        CommandResult result = await run;

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(130, result.ExitCode);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
        Assert.Empty(Directory.GetFiles(library, "*.*").Except([Path.Combine(library, "a.wav")]));
        using StemCatalog kept = StemCatalog.Open(catalog);
        Assert.Equal(0, kept.Count);
    }

    private static async Task WaitFor(string path, Task run)
    {
        for (int i = 0; i < 600 && !File.Exists(path); i++)
        {
            Assert.False(run.IsCompleted, "the run ended before it was interrupted");
            await Task.Delay(50);
        }
        Assert.True(File.Exists(path));
    }
}
