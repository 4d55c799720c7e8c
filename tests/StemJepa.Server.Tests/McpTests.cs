using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using StemJepa.TestSupport;
using StemJepa.Tool;

namespace StemJepa.Server.Tests;

/// <summary>The command <c>stemjepa mcp</c> as a process, asked by the client of the same SDK. Oracle: the library, asked
/// directly.</summary>
public sealed class McpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ShippedHeadsFact]
    public async Task A_client_lists_and_calls_every_tool()
    {
        string library = Directory.CreateDirectory(_folder.PathOf("library")).FullName, mix = Golden.PathOf("mix.wav");
        string bass = Path.Combine(library, "a bass 120bpm.wav"), broken = Path.Combine(library, "broken.wav");
        File.Copy(Golden.PathOf("vocals.wav"), bass);
        File.WriteAllBytes(broken, [1, 2, 3]);
        var errors = new ConcurrentQueue<string>();
        await using McpClient client = await StartAsync(errors);
        Dictionary<string, McpClientTool> tools = (await client.ListToolsAsync()).ToDictionary(tool => tool.Name);
        Assert.Superset(new HashSet<string> { "search", "rank", "analyze", "preview", "complete", "index", "library" },
            tools.Keys.ToHashSet());
        Assert.All(tools.Values, tool =>
        {
            Assert.NotEmpty(tool.Description);
            Assert.NotNull(tool.ProtocolTool.OutputSchema);
        });

        // What is told of a call is dropped once its answer has been handled: a handler of the client's sees all of it.
        var last = new TaskCompletionSource();
        await using IAsyncDisposable registration = client.RegisterNotificationHandler(NotificationMethods.ProgressNotification,
            (notification, _) =>
            {
                if (notification.Params.Deserialize<ProgressNotificationParams>(McpJsonUtilities.DefaultOptions)
                    is { Progress: { Progress: 2, Total: 2 } })
                    last.TrySetResult();
                return ValueTask.CompletedTask;
            });
        JsonElement indexed = Result(tools["index"], await tools["index"].CallAsync(
            new Dictionary<string, object?> { ["folder"] = library }, new Progress<ProgressNotificationValue>()));
        await last.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, indexed.GetProperty("indexed").GetInt32());
        Assert.Equal(broken, indexed.GetProperty("skipped")[0].GetProperty("file").GetString());
        await Task.Delay(1100);
        Assert.Equal(1, (await Call(tools, "library")).GetProperty("recordings").GetInt32());

        JsonElement found = await Call(tools, "search", ("mix", mix), ("stem", "bass"));
        using StemAffinity model = StemAffinity.Create();
        JsonElement match = Assert.Single(found.GetProperty("results").EnumerateArray());
        Assert.Equal(bass, match.GetProperty("recording").GetProperty("path").GetString());
        AudioClip mixClip = GoldenModel.Clip("mix.wav"), candidate = GoldenModel.Clip("vocals.wav");
        Assert.Equal(model.Affinity(mixClip, candidate, Stem.Bass), match.GetProperty("affinity").GetSingle(), 1e-4f);
        Assert.Equal(JsonValueKind.Number, match.GetProperty("recording").GetProperty("loudness").ValueKind);
        using StemAnalyzer analyzer = StemAnalyzer.Create(model);
        using StemFitter fitter = StemFitter.Create(model, analyzer);
        StemFit asBass = fitter.Fit(mixClip, candidate, Stem.Bass);
        JsonElement fitted = await Call(tools, "search", ("mix", mix), ("stem", "bass"), ("text", "A BASS"), ("fit", 1));
        Assert.Equal(asBass.Affinity, fitted.GetProperty("results")[0].GetProperty("fit").GetProperty("affinity").GetSingle(), 1e-3f);
        Assert.Empty((await Call(tools, "search", ("mix", mix), ("stem", "bass"),
            ("text", "nothing"))).GetProperty("results").EnumerateArray());

        JsonElement ranked = await Call(tools, "rank", ("mix", mix), ("candidates", new[] { library, Golden.PathOf("vocals.wav") }),
            ("stem", "bass"));
        Assert.Equal([bass, Golden.PathOf("vocals.wav")],
            ranked.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("file").GetString()));
        Assert.Single(ranked.GetProperty("skipped").EnumerateArray());

        JsonElement fitRanked = await Call(tools, "rank", ("mix", mix), ("candidates", new[] { library, Golden.PathOf("vocals.wav") }),
            ("stem", "bass"), ("fit", 2));
        Assert.All(fitRanked.GetProperty("results").EnumerateArray(), result =>
            Assert.Equal(asBass.Affinity, result.GetProperty("fit").GetProperty("affinity").GetSingle(), 1e-3f));
        Assert.Contains("use 0 to 50", await Refused(tools, "search", ("mix", mix), ("stem", "bass"), ("fit", 51)));

        Assert.Equal(analyzer.Analyze(mixClip).Key.ToString(), (await Call(tools, "analyze",
            ("recording", mix))).GetProperty("key").GetString());

        string output = _folder.PathOf("preview.wav");
        JsonElement preview = await Call(tools, "preview", ("mix", mix), ("candidate", bass), ("stem", "vocals"), ("output", output));
        StemFit fit = fitter.Fit(mixClip, candidate, Stem.Vocals);
        Assert.Equal(fit.Semitones, preview.GetProperty("semitones").GetInt32());
        Assert.Equal(fit.Start.TotalSeconds, preview.GetProperty("start").GetDouble(), 1e-3);
        Assert.Equal(mixClip.Duration, AudioClip.Load(output).Duration);

        string completed = _folder.PathOf("complete.wav");
        JsonElement complete = await Call(tools, "complete", ("mix", mix), ("stems", new[] { "bass" }), ("output", completed),
            ("candidates", 1));
        JsonElement part = complete.GetProperty("arrangements")[0].GetProperty("parts")[0];
        Assert.Equal(bass, part.GetProperty("file").GetString());
        Assert.Equal(asBass.Affinity, part.GetProperty("affinity").GetSingle(), 1e-3f);
        Assert.Equal(mixClip.Duration, AudioClip.Load(completed).Duration);

        Assert.Contains("exists; give a new name", await Refused(tools, "preview", ("mix", mix), ("candidate", bass), ("stem", "vocals"),
            ("output", output)));
        Assert.Contains("is not named as a WAV file", await Refused(tools, "preview", ("mix", mix), ("candidate", bass), ("stem", "vocals"),
            ("output", _folder.PathOf("notes.txt"))));
        Assert.Contains("use one of bass, drums, other, vocals", await Refused(tools, "search", ("mix", mix), ("stem", "kazoo")));
        Assert.Contains("does not exist", await Refused(tools, "analyze", ("recording", _folder.PathOf("none.wav"))));
        Assert.Contains("broken.wav: ", await Refused(tools, "analyze", ("recording", broken)));
        Assert.All(errors, line => Assert.StartsWith("warning: ", line));
    }

    [ShippedHeadsFact]
    public async Task A_client_is_told_which_argument_is_wrong_and_what_would_do()
    {
        var errors = new ConcurrentQueue<string>();
        await using McpClient client = await StartAsync(errors);
        Dictionary<string, McpClientTool> tools = (await client.ListToolsAsync()).ToDictionary(tool => tool.Name);
        string mix = Golden.PathOf("mix.wav");
        Assert.StartsWith("mix is missing; give a string: Path of the mix", await Refused(tools, "search"));
        Assert.StartsWith("stem is missing; give a string", await Refused(tools, "search", ("mix", mix)));
        Assert.StartsWith("mix is 5; give a string", await Refused(tools, "search", ("mix", 5), ("stem", "bass")));
        Assert.StartsWith("mix is null; give a string", await Refused(tools, "search", ("mix", null), ("stem", "bass")));
        Assert.Equal("top is 1.5; give an integer: How many at most, 1 to 200.",
            await Refused(tools, "search", ("mix", mix), ("stem", "bass"), ("top", 1.5)));
        Assert.StartsWith("tempo is \"6%\"; give a number or null",
            await Refused(tools, "search", ("mix", mix), ("stem", "bass"), ("tempo", "6%")));
        Assert.StartsWith("candidates is \"a\"; give a list of strings",
            await Refused(tools, "rank", ("mix", mix), ("stem", "bass"), ("candidates", "a")));
        Assert.StartsWith("stems is [1]; give a list of strings", await Refused(tools, "complete", ("mix", mix), ("stems", new[] { 1 })));
        Assert.Equal("limit is no argument of search; use mix, stem, top, key, tempo, text, anyStem, fit.",
            await Refused(tools, "search", ("mix", mix), ("stem", "bass"), ("limit", 3)));
        Assert.Equal("limit is no argument of library; use none.", await Refused(tools, "library", ("limit", 3)));
        Assert.Equal("candidates holds a null character; leave it out.",
            await Refused(tools, "rank", ("mix", mix), ("stem", "bass"), ("candidates", new[] { mix, "a\0" })));
        Assert.InRange((await Refused(tools, "search", ("mix", new[] { new string('x', 10000) }), ("stem", "bass"))).Length, 200, 500);
        foreach (string tool in (string[])["preview", "complete"])
        {
            string none = _folder.PathOf("none");
            Assert.Equal($"output '{none}/a.wav' lies in a folder that does not exist; create it first.", await Refused(tools, tool,
                ("mix", mix), tool == "preview" ? ("stem", "bass") : ("stems", new[] { "bass" }), ("output", $"{none}/a.wav"),
                tool == "preview" ? ("candidate", mix) : ("beam", 1)));
        }
        foreach (double gain in (double[])[60.1, -1e9])
        {
            Assert.EndsWith("is out of range; use -60 to 60 decibels.",
                await Refused(tools, "preview", ("mix", mix), ("candidate", mix), ("stem", "bass"), ("gain", gain)));
        }
        Assert.Empty(errors);
    }

    [ShippedHeadsFact]
    public async Task A_fit_of_silent_or_very_short_recordings_comes_with_a_warning_of_each()
    {
        string silent = _folder.PathOf("silent.wav"), one = _folder.PathOf("one.wav"), vocals = Golden.PathOf("vocals.wav");
        new AudioClip(new float[16000], 16000).Save(silent);
        new AudioClip(new float[] { 0.5f }, 16000).Save(one);
        await using McpClient client = await StartAsync(new ConcurrentQueue<string>());
        Dictionary<string, McpClientTool> tools = (await client.ListToolsAsync()).ToDictionary(tool => tool.Name);
        Assert.Equal([$"{one} is shorter than 0.16 s", $"{silent} is silent"],
            Warnings(await Call(tools, "preview", ("mix", one), ("candidate", silent), ("stem", "bass"))));
        Assert.Equal([$"{silent} is silent", $"{one} is shorter than 0.16 s"], Warnings(await Call(tools, "rank", ("mix", silent),
            ("candidates", new[] { vocals, one }), ("stem", "bass"), ("fit", 2))));
        Assert.Empty(Warnings(await Call(tools, "rank", ("mix", vocals), ("candidates", new[] { vocals, one }), ("stem", "bass"))));
    }

    private static IEnumerable<string> Warnings(JsonElement result) =>
        result.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!.Split(", so")[0]);

    /// <summary>Without the cancellation the SDK waits for calls that still run, and every file is indexed.</summary>
    [ShippedHeadsFact]
    public async Task At_the_end_of_input_calls_that_run_are_cancelled_and_the_process_ends()
    {
        const int files = 60;
        string library = Directory.CreateDirectory(_folder.PathOf("library")).FullName;
        for (int i = 0; i < files; i++)
            File.Copy(Golden.PathOf("vocals.wav"), Path.Combine(library, $"{i}.wav"));
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Application).Assembly.Location, "mcp", "--in",
            _folder.PathOf("catalogue")]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        await using (McpClient client = await McpClient.CreateAsync(
            new StreamClientTransport(process.StandardInput.BaseStream, process.StandardOutput.BaseStream)))
        {
            var begun = new TaskCompletionSource();
            McpClientTool index = (await client.ListToolsAsync()).Single(tool => tool.Name == "index");
            Task<CallToolResult> call = index.CallAsync(new Dictionary<string, object?> { ["folder"] = library },
                new Begun(begun)).AsTask();
            await begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
            // No answer, or that it was cancelled, if there is still time to say so.
            CallToolResult? answer = await call.ContinueWith(ended => ended.IsCompletedSuccessfully ? ended.Result : null);
            Assert.True(answer is null or { IsError: true }, answer is null ? "" : Text(answer));
        }
        Assert.Equal(0, process.ExitCode);
        using StemAffinity model = StemAffinity.Create();
        using StemCatalog catalog = StemCatalog.Open(_folder.PathOf("catalogue"), model.Model);
        Assert.InRange(catalog.Count, 0, files - 1);
    }

    [ShippedHeadsFact]
    public async Task A_call_that_the_client_cancels_ends_without_a_word_and_others_are_answered()
    {
        string library = Directory.CreateDirectory(_folder.PathOf("library")).FullName, mix = Golden.PathOf("mix.wav");
        for (int i = 0; i < 300; i++)
            File.Copy(Golden.PathOf("vocals.wav"), Path.Combine(library, $"{i}.wav"));
        var errors = new ConcurrentQueue<string>();
        await using McpClient client = await StartAsync(errors);
        Dictionary<string, McpClientTool> tools = (await client.ListToolsAsync()).ToDictionary(tool => tool.Name);
        using var cancellation = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        Task<CallToolResult> call = tools["index"].CallAsync(new Dictionary<string, object?> { ["folder"] = library }, new Begun(begun),
            cancellationToken: cancellation.Token).AsTask();
        await begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(JsonValueKind.Number, (await Call(tools, "analyze", ("recording", mix))).GetProperty("tempo").ValueKind);
        Assert.True(errors.IsEmpty, string.Join("\n", errors));
    }

    private Task<McpClient> StartAsync(ConcurrentQueue<string> errors) => McpClient.CreateAsync(new StdioClientTransport(
        new StdioClientTransportOptions
        {
            Name = "stemjepa",
            Command = "dotnet",
            Arguments = [typeof(Application).Assembly.Location, "mcp", "--in", _folder.PathOf("catalogue")],
            StandardErrorLines = errors.Enqueue,
        }));

    private static async Task<JsonElement> Call(
        Dictionary<string, McpClientTool> tools, string name, params (string Name, object? Value)[] arguments) =>
        Result(tools[name], await tools[name].CallAsync(arguments.ToDictionary(argument => argument.Name, argument => argument.Value)));

    private static JsonElement Result(McpClientTool tool, CallToolResult result)
    {
        Assert.True(result.IsError != true, $"{tool.Name}: {Text(result)}");
        JsonElement content = JsonSerializer.SerializeToElement(result.StructuredContent);
        // What the schema promises is there.
        foreach (JsonElement required in tool.ProtocolTool.OutputSchema!.Value.GetProperty("required").EnumerateArray())
            Assert.True(content.TryGetProperty(required.GetString()!, out _), $"{tool.Name} lacks {required}.");
        return content;
    }

    private static async Task<string> Refused(
        Dictionary<string, McpClientTool> tools, string name, params (string Name, object? Value)[] arguments)
    {
        CallToolResult result =
            await tools[name].CallAsync(arguments.ToDictionary(argument => argument.Name, argument => argument.Value));
        Assert.True(result.IsError);
        return Text(result);
    }

    private static string Text(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block =>
        block.Text));

    private sealed class Begun(TaskCompletionSource begun) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value)
        {
            if (value.Progress >= 1)
                begun.TrySetResult();
        }
    }
}
