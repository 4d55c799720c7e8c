using CliWrap;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>Files that are no recordings, though their names say so: none stops the others, and none makes the tool wait.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const int Rate = 16000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly string _library;
    private readonly string _mix;

    public HostileFileTests()
    {
        _library = _folder.PathOf("library");
        Directory.CreateDirectory(_library);
        _mix = TestWav.Tone(_folder.PathOf("mix.wav"), 110);
        TestWav.Tone(Path.Combine(_library, "a.wav"), 220);
        TestWav.Tone(Path.Combine(_library, "z.wav"), 330);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("index")]
    [InlineData("embed")]
    [InlineData("map")]
    [InlineData("rank")]
    public async Task A_sample_that_is_no_sound_is_named_and_the_others_go_on(string command)
    {
        string bad = Floats(Path.Combine(_library, "m.wav"), Enumerable.Repeat(0.1f, Rate).Append(1e19f));

        ToolResult result = (await ToolRun.WithModel(ArgumentsFor(command))).HasNoStackTrace();

        Assert.Equal(1, result.ExitCode);
        string warning = Assert.Single(Lines(result.Error), line => line.Contains("skipped", StringComparison.Ordinal));
        Assert.Contains(bad, warning);
        Assert.Contains("1e19", warning);
        Assert.Equal(2, DoneBy(command, result));
    }

    [Fact]
    public async Task Integers_that_were_never_scaled_are_warned_about()
    {
        string loud = Floats(Path.Combine(_library, "m.wav"), Enumerable.Range(0, Rate).Select(i => 20000 * MathF.Sin(i / 20f)));

        ToolResult result = await ToolRun.WithModel(ArgumentsFor("index"));

        Assert.Equal(0, result.ExitCode);
        string warning = Assert.Single(Lines(result.Error));
        Assert.Contains(loud, warning);
        Assert.Contains("beyond full scale", warning);
    }

    [ShippedHeadsFact]
    public async Task Integers_that_were_never_scaled_are_warned_about_when_they_are_analysed()
    {
        string loud = Floats(Path.Combine(_library, "m.wav"), Enumerable.Range(0, Rate).Select(i => 20000 * MathF.Sin(i / 20f)));

        ToolResult result = await ToolRun.InProcess("analyze", _mix, loud, "--json");

        Assert.Equal((0, 2), (result.ExitCode, result.Json.GetArrayLength()));
        string warning = Assert.Single(Lines(result.Error));
        Assert.Contains(loud, warning);
        Assert.Contains("beyond full scale", warning);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Integers_that_were_never_scaled_are_warned_about_when_they_are_aligned(bool isMix)
    {
        string loud = Floats(Path.Combine(_library, "m.wav"), Enumerable.Range(0, Rate).Select(i => 20000 * MathF.Sin(i / 20f)));

        ToolResult result = await ToolRun.WithModel(["align", isMix ? loud : _mix, isMix ? _mix : loud, "--stem", "bass", "--json"]);

        Assert.Equal(0, result.ExitCode);
        string warning = Assert.Single(Lines(result.Error));
        Assert.Contains(loud, warning);
        Assert.Contains("beyond full scale", warning);
    }

    [RequiresProgramTheory("mkfifo")]
    [InlineData("index", false)]
    [InlineData("map", false)]
    [InlineData("rank", false)]
    [InlineData("index", true)]
    public async Task Pipes_and_devices_in_folders_are_not_opened(string command, bool isDevice)
    {
        string pipe = Path.Combine(_library, "m.wav");
        if (isDevice)
            File.CreateSymbolicLink(pipe, "/dev/zero");
        else
            await MakePipe(pipe);

        ToolResult result = await ToolRun.WithModel(ArgumentsFor(command)).WaitAsync(Patience);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(pipe, Assert.Single(Lines(result.Error)));
        Assert.Equal(2, DoneBy(command, result));
    }

    [RequiresProgramFact("mkfifo")]
    public async Task A_wait_for_the_other_side_of_a_named_pipe_ends_with_the_token()
    {
        string pipe = _folder.PathOf("pipe.wav");
        await MakePipe(pipe);
        using var cancellation = new CancellationTokenSource();
        using var error = new StringWriter();
        Task<int> run = Task.Run(() => Application.RunAsync(
            ["affinity", _mix, pipe, "--stem", "bass", "--model", ToolRun.Model], TextWriter.Null, error, cancellation.Token));
        await Task.Delay(2000);
        Assert.False(run.IsCompleted, error.ToString());

        cancellation.Cancel();

        Assert.Equal(130, await run.WaitAsync(Patience));
    }

    [RequiresProgramFact("mkfifo")]
    public async Task A_model_description_that_is_a_pipe_is_refused()
    {
        string model = _folder.PathOf("model");
        Directory.CreateDirectory(model);
        GoldenModel.CopyTo(model);
        string description = Path.Combine(model, "model.json");
        File.Delete(description);
        await MakePipe(description);

        ToolResult result =
            await ToolRun.InProcess("affinity", _mix, _mix, "--stem", "bass", "--model", model).WaitAsync(Patience);

        result.IsRefused(1, description);
    }

    [Fact]
    public async Task An_output_name_that_is_too_long_is_named_and_the_others_are_written()
    {
        string longName = TestWav.Tone(Path.Combine(_library, new string('n', 253) + ".w"), 50);

        ToolResult result = (await ToolRun.WithModel(ArgumentsFor("embed"))).HasNoStackTrace();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(longName, Assert.Single(Lines(result.Error)));
        Assert.Equal(2, DoneBy("embed", result));
    }

    [Fact]
    public async Task Control_characters_of_names_are_escaped()
    {
        const string name = "\u001b]0;pwned\u0007\u202Ex.wav";
        string strange = TestWav.Silence(Path.Combine(_library, name));
        string bad = TestWav.HeaderOnly(Path.Combine(_library, "bad\u001b[31m.wav"));

        ToolResult table = await ToolRun.WithModel("rank", _mix, _library, "--stem", "bass");
        ToolResult error = await ToolRun.WithModel("affinity", bad, strange, "--stem", "bass");

        Assert.Contains("\\u001B]0;pwned\\u0007\\u202Ex.wav", table.Output);
        foreach (string text in (string[])[table.Output, table.Error, error.Error])
        {
            Assert.DoesNotContain("\u001b]", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\u001b[31m", text, StringComparison.Ordinal);
            Assert.DoesNotContain(text, character => character is '\u0007' or '\u202E');
        }
        Assert.Contains("bad\\u001B[31m.wav", error.Error);
    }

    private string[] ArgumentsFor(string command) => command switch
    {
        "index" => ["index", _library, "--to", _folder.PathOf("catalog"), "--json"],
        "embed" => ["embed", .. Directory.GetFiles(_library).Order(StringComparer.Ordinal), "--out", _folder.PathOf("out"), "--json"],
        "map" => ["map", _library, "--out", _folder.PathOf("map"), "--json"],
        _ => ["rank", _mix, _library, "--stem", "bass", "--json"],
    };

    private static int DoneBy(string command, ToolResult result) => command switch
    {
        "index" => result.Json.GetProperty("indexed").GetInt32(),
        "embed" => result.Json.GetArrayLength(),
        "map" => result.Json.GetProperty("points").GetArrayLength(),
        _ => result.Json.GetProperty("results").GetArrayLength(),
    };

    private static string Floats(string path, IEnumerable<float> samples)
    {
        byte[] data = WavBytes.Concat([.. samples.Select(BitConverter.GetBytes)]);
        File.WriteAllBytes(path, WavBytes.File(WavBytes.Float, 1, Rate, 32, data));
        return path;
    }

    private static async Task MakePipe(string path) => await Cli.Wrap("mkfifo").WithArguments([path]).ExecuteAsync();

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
