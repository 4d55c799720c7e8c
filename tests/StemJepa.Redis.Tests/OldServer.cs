using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StemJepa.Redis.Tests;

/// <summary>
/// A server that speaks the protocol of Redis 7: texts and hashes, and the error that it gives for commands that it does not know, such as
/// those of vector sets.
/// </summary>
internal sealed class OldServer : IAsyncDisposable
{
    private const string Info = "# Server\r\nredis_version:7.2.4\r\nredis_mode:standalone\r\nrole:master\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, byte[]> _values = new();
    private readonly Task _serving;

    internal OldServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    internal string Address(string name) => $"redis://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{name}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var clients = new List<Task>();
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                break;
            }
            clients.Add(Task.Run(() => AnswerAsync(client)));
        }
        await Task.WhenAll(clients);
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                NetworkStream stream = client.GetStream();
                using var commands = new BufferedStream(stream);
                while (await ReadAsync(commands) is { } words)
                    await stream.WriteAsync(Answer(words), _stop.Token);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
        }
    }

    /// <summary>An array of texts, as clients send it.</summary>
    private async Task<byte[][]?> ReadAsync(Stream stream)
    {
        if (await ReadLineAsync(stream) is not ['*', .. string count])
            return null;
        var words = new byte[int.Parse(count, CultureInfo.InvariantCulture)][];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = new byte[int.Parse((await ReadLineAsync(stream))![1..], CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(words[i], _stop.Token);
            await ReadLineAsync(stream);
        }
        return words;
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }
        return null;
    }

    private byte[] Answer(byte[][] words)
    {
        string Word(int index) => Encoding.Latin1.GetString(words[index]);
        string command = Word(0).ToUpperInvariant();
        switch (command)
        {
            case "PING":
                return "+PONG\r\n"u8.ToArray();
            case "ECHO":
                return Bulk(words[1]);
            case "INFO":
                return Bulk(Encoding.Latin1.GetBytes(Info));
            case "GET" or "HGET":
                return _values.TryGetValue(string.Join(' ', words.Skip(1).Select(Encoding.Latin1.GetString)), out byte[]? value)
                    ? Bulk(value) : "$-1\r\n"u8.ToArray();
            case "SETNX":
                return _values.TryAdd(Word(1), words[2]) ? ":1\r\n"u8.ToArray() : ":0\r\n"u8.ToArray();
            case "SET":
                return _values.TryAdd(Word(1), words[2]) || !words.Skip(3).Any(word => word.AsSpan().SequenceEqual("NX"u8))
                    ? "+OK\r\n"u8.ToArray() : "$-1\r\n"u8.ToArray();
            case "HSET" or "HSETNX":
                _values[$"{Word(1)} {Word(2)}"] = words[3];
                return ":1\r\n"u8.ToArray();
            case "HLEN":
                return ":0\r\n"u8.ToArray();
            default:
                return Encoding.Latin1.GetBytes($"-ERR unknown command '{Word(0)}', with args beginning with: \r\n");
        }
    }

    private static byte[] Bulk(byte[] value) => [.. Encoding.Latin1.GetBytes($"${value.Length}\r\n"), .. value, .. "\r\n"u8];
}
