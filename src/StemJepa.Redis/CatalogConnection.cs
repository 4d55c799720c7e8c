using StackExchange.Redis;

namespace StemJepa;

/// <summary>How catalogues on servers are opened.</summary>
internal static class CatalogConnection
{
    /// <summary>Connects to the servers of an address, and opens the catalogue there.</summary>
    internal static async Task<VectorSetCatalog> ConnectAsync(VectorSetAddress address, ModelInfo? model, VectorSetOptions? wanted,
        CancellationToken cancellationToken)
    {
        wanted?.Check();
        ConnectionMultiplexer connection;
        try
        {
            connection = await ConnectionMultiplexer.ConnectAsync(address.ToConfiguration()).WaitAsync(cancellationToken)
                .ConfigureAwait(false);
        }
        catch (RedisConnectionException error)
        {
            string hosts = string.Join(", ", address.Hosts);
            throw new CatalogUnavailableException(
                $"{address} cannot be reached at {hosts} ({CatalogServer.OneSentence(error)}): start the server, or check the address "
                + "and the password.", [], error);
        }
        return await OpenAsync(connection, true, address.Name, address.ToString(), model, wanted, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a catalogue, and makes it where <paramref name="wanted"/> is given and there is none.</summary>
    internal static async Task<VectorSetCatalog> OpenAsync(IConnectionMultiplexer connection, bool owns, string name, string? address,
        ModelInfo? model, VectorSetOptions? wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(name);
        if (!CatalogKeys.IsName(name))
            throw new ArgumentException($"The catalogue's name is '{name}', and {CatalogKeys.NameRule}.", nameof(name));
        wanted?.Check();
        try
        {
            var server = new CatalogServer(connection, address ?? CatalogServer.AddressOf(connection, name));
            ModelIdentity? used = model is null ? null : ModelIdentity.From(model);
            CatalogLayout? layout = wanted is null || used is null ? null : CatalogLayout.New(used, wanted);
            layout = await CatalogLayout.ReadAsync(server, name, layout, cancellationToken).ConfigureAwait(false);
            if (used is not null)
                layout.Identity.Require(used, server.Catalog);
            return new VectorSetCatalog(server, name, layout, owns ? connection : null);
        }
        catch when (owns)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
