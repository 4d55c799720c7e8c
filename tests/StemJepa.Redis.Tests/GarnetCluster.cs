using StackExchange.Redis;

namespace StemJepa.Redis.Tests;

/// <summary>Three servers that share the slots of a cluster evenly.</summary>
public sealed class GarnetCluster : IAsyncLifetime
{
    private const int Nodes = 3, Slots = 16384;

    internal GarnetServer[] Servers { get; private set; } = [];

    internal string Address(string name) => $"redis://{string.Join(',', Servers.Select(server => server.Endpoint))}/{name}";

    public async Task InitializeAsync()
    {
        var servers = new List<GarnetServer>();
        for (int i = 0; i < Nodes; i++)
        {
            servers.Add(await GarnetServer.StartAsync("--cluster"));
            Servers = [.. servers];
        }
        for (int i = 0; i < Nodes; i++)
        {
            await AskAsync(Servers[i], "SET-CONFIG-EPOCH", $"{i + 1}");
            await AskAsync(Servers[i], "ADDSLOTSRANGE", $"{Slots * i / Nodes}", $"{Slots * (i + 1) / Nodes - 1}");
        }
        foreach (GarnetServer other in Servers[1..])
            await AskAsync(Servers[0], "MEET", "127.0.0.1", $"{other.Port}");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        foreach (GarnetServer server in Servers)
        {
            while ((await AskAsync(server, "NODES")).Split('\n').Count(HasSlots) < Nodes)
                await Task.Delay(100, patience.Token);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (GarnetServer server in Servers)
            await server.DisposeAsync();
    }

    /// <summary>Which server holds a key's slot.</summary>
    internal int NodeOf(string tag) => CatalogKeys.Slot(tag) * Nodes / Slots;

    /// <summary>Slots follow the eight columns that every node has.</summary>
    private static bool HasSlots(string node) => node.TrimEnd().Split(' ').Length > 8;

    private static async Task<string> AskAsync(GarnetServer server, params object[] arguments)
    {
        await using ConnectionMultiplexer connection =
            await ConnectionMultiplexer.ConnectAsync($"{server.Endpoint},protocol=resp2,allowAdmin=true");
        return (string?)await connection.GetServer(server.Endpoint).ExecuteAsync("CLUSTER", arguments) ?? "";
    }
}
