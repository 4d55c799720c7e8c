namespace StemJepa.Redis.Tests;

/// <summary>One server that many tests share; each uses a catalogue of its own name.</summary>
public sealed class OneServer : IAsyncLifetime
{
    public const string Name = "one server";

    internal GarnetServer Server { get; private set; } = null!;

    internal string NewAddress() => Server.Address($"c{Guid.NewGuid():N}");

    public async Task InitializeAsync() => Server = await GarnetServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(OneServer.Name)]
public sealed class OneServerCollection : ICollectionFixture<OneServer>;
