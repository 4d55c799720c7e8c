using System.Diagnostics;
using System.Net.Sockets;
using System.Net;
using System.Text.Json;
using System.Text;
using StemJepa.TestSupport;

namespace StemJepa.Redis.Tests;

/// <summary>
/// A Garnet server of its own on a free port of this machine, with its data in a temporary folder; restored from the repository's tool
/// manifest. It ends with the test, and with the process that runs the tests, however that ends.
/// </summary>
internal sealed class GarnetServer : IAsyncDisposable
{
    private const string VectorSets = "--enable-vector-set-preview";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<string>> Program = new(RestoreAsync);

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _options;
    private readonly StringBuilder _said = new();
    private Process? _process;

    private GarnetServer(string[] options) => _options = options;

    public int Port { get; private set; }

    public string Endpoint => $"127.0.0.1:{Port}";

    public string Address(string name) => $"redis://{Endpoint}/{name}";

    public static Task<GarnetServer> StartAsync(params string[] more) => StartPlainAsync([VectorSets, .. more]);

    /// <summary>Without vector sets, unless they are asked for.</summary>
    public static async Task<GarnetServer> StartPlainAsync(params string[] options)
    {
        var server = new GarnetServer(options);
        try
        {
            // The port that is free now may be taken a moment later.
            for (int attempt = 0; ; attempt++)
            {
                server.Port = FreePort();
                if (await server.TryRunAsync())
                    return server;
                if (attempt == 3)
                    throw new InvalidOperationException($"Garnet does not start:\n{server._said}");
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>As kill -9 does it.</summary>
    public void Kill()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it again, with what it has on the disk.</summary>
    public async Task RestartAsync()
    {
        Kill();
        // The system may take a moment to free the port.
        for (int attempt = 0; !await TryRunAsync(); attempt++)
        {
            if (attempt == 3)
                throw new InvalidOperationException($"Garnet does not start again:\n{_said}");
        }
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> TryRunAsync()
    {
        string[] command = ["dotnet", await Program.Value, "--port", $"{Port}", "--bind", "127.0.0.1", "--device-type", "RandomAccess",
            "--aof", "--aof-commit-wait",
            "--recover", "--checkpointdir", _folder.PathOf("data"), "--memory", "256m", "--index", "16m", "--aof-memory", "64m",
                .. _options];
        // The shell kills the server as soon as its standard input, which this process holds, is closed.
        ProcessStartInfo start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo(command[0], command[1..])
            : new ProcessStartInfo("sh", ["-c", "\"$0\" \"$@\" & server=$!; cat > /dev/null; kill -9 $server", .. command]);
        lock (_said)
            _said.Clear();
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(50))
        {
            lock (_said)
            {
                if (_said.ToString().Contains("Unable to initialize server", StringComparison.Ordinal))
                    break;
            }
            if (await AnswersAsync())
                return true;
        }
        Kill();
        return false;
    }

    private void Hear(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync("*1\r\n$4\r\nPING\r\n"u8.ToArray());
            // It has answered, even if with a refusal; with TLS, it ends the connection.
            return await stream.ReadAsync(new byte[64]) > 0 || _options.Contains("--tls");
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The server's assembly in the package folder.</summary>
    private static async Task<string> RestoreAsync()
    {
        await DotNet.RunAsync(Repository.Root, new Dictionary<string, string>(), "tool", "restore");
        using JsonDocument manifest = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.PathOf(".config/dotnet-tools.json")));
        string version = manifest.RootElement.GetProperty("tools").GetProperty("garnet-server").GetProperty("version").GetString()!;
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Path.Combine(packages, "garnet-server", version, "tools", "net10.0", "any", "GarnetServer.dll");
    }
}
