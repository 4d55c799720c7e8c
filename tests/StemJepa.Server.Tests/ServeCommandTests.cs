using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using StemJepa.TestSupport;
using StemJepa.Tool;
using StemJepa.Tool.Output;

namespace StemJepa.Server.Tests;

/// <summary>The command <c>stemjepa serve</c>, as a process of its own.</summary>
public sealed partial class ServeCommandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ShippedHeadsFact]
    public async Task It_says_where_it_listens_answers_indexes_with_analysis_and_ends_with_the_signal()
    {
        string library = Directory.CreateDirectory(_folder.PathOf("library")).FullName, catalog = _folder.PathOf("catalogue");
        File.Copy(Golden.PathOf("vocals.wav"), Path.Combine(library, "a bass.wav"));
        using Process process = Start("serve", "--in", catalog, "--port", "0");
        try
        {
            string? line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            Assert.Matches(@"^Listening on http://127\.0\.0\.1:\d+$", line);
            using var client = new HttpClient { BaseAddress = new Uri(line!.Split(' ')[^1] + "/") };
            JsonElement health = await client.GetAsync("health").Json();
            Assert.True(health.GetProperty("index").GetBoolean());
            Assert.Contains("<title>StemJepa", await client.GetStringAsync(""));

            await client.PostAsync("api/index", new StringContent(JsonSerializer.Serialize(new { folder = library }),
                System.Text.Encoding.UTF8, "application/json")).Json();
            JsonElement state;
            do
                state = await client.GetAsync("api/index").Json();
            while (state.GetProperty("state").GetString() == "running");
            Assert.Equal("done", state.GetProperty("state").GetString());
            Assert.Equal(1, state.GetProperty("report").GetProperty("indexed").GetInt32());
            await Task.Delay(1100);
            JsonElement found = await client.PostAsync("api/search",
                RunningServer.Form(("mix", RunningServer.GoldenFile("mix.wav")), ("stem", "bass"))).Json();
            JsonElement recording = found.GetProperty("results")[0].GetProperty("recording");
            Assert.Equal("a bass.wav", recording.GetProperty("name").GetString());
            // Its name tells neither of these: it was analysed.
            Assert.Equal(JsonValueKind.Number, recording.GetProperty("loudness").ValueKind);
            Assert.Equal(JsonValueKind.String, recording.GetProperty("instrument").ValueKind);

            using (StringWriter output = new(), error = new())
            {
                Assert.Equal(ExitCode.Success, await Application.RunAsync(
                    ["serve", "--check", "--port", $"{client.BaseAddress.Port}"], output, error, CancellationToken.None));
                Assert.Contains("\"status\":\"ok\"", output.ToString());
            }
            Assert.Equal(0, Kill(process.Id, 15));
            await process.WaitForExitAsync().WaitAsync(Patience);
            Assert.Equal(0, process.ExitCode);
            Assert.Equal("", await process.StandardError.ReadToEndAsync());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    [Theory]
    [InlineData("and so needs a secret", "--listen", "0.0.0.0")]
    [InlineData("could be guessed", "--listen", "0.0.0.0", "--token", "short")]
    [InlineData("is not an address", "--listen", "everywhere", "--token", "a token that nobody guesses")]
    [InlineData("--host is for --listen", "--host", "studio.local")]
    [InlineData("is no port", "--port", "70000")]
    public async Task What_would_be_unsafe_or_wrong_is_refused_before_anything_starts(string problem, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await Application.RunAsync(["serve", "--in", _folder.PathOf("catalogue"), .. arguments], output, error,
            CancellationToken.None);
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(problem, error.ToString());
        Assert.Equal("", output.ToString());
        Assert.False(Directory.Exists(_folder.PathOf("catalogue")));
    }

    [ShippedModelFact]
    public async Task A_port_in_use_is_said()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using StringWriter output = new(), error = new();
        int code = await Application.RunAsync(["serve", "--in", _folder.PathOf("catalogue"), "--port", $"{port}"], output, error,
            CancellationToken.None);
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.StartsWith($"stemjepa: --port {port} cannot be used", error.ToString());
    }

    [ShippedModelFact]
    public async Task An_address_of_another_machine_is_said()
    {
        using StringWriter output = new(), error = new();
        int code = await Application.RunAsync(["serve", "--in", _folder.PathOf("catalogue"), "--port", "0", "--listen", "192.0.2.1",
            "--token", "a token that nobody guesses"], output, error, CancellationToken.None);
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.StartsWith("stemjepa: --listen '192.0.2.1' with --port 0 cannot be used", error.ToString());
    }

    [Fact]
    public async Task A_check_of_a_server_that_does_not_run_fails()
    {
        using var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using StringWriter output = new(), error = new();
        Assert.Equal(ExitCode.BadData, await Application.RunAsync(["serve", "--check", "--port", $"{port}"], output, error,
            CancellationToken.None));
        Assert.Contains($"http://127.0.0.1:{port}/health does not answer", error.ToString());
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet",
        [typeof(Application).Assembly.Location, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
