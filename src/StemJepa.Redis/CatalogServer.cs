using System.Net;
using System.Security.Authentication;
using StackExchange.Redis;

namespace StemJepa;

/// <summary>The servers that hold a catalogue, asked so that every failure says which shard of it is concerned. Thread-safe.</summary>
/// <param name="connection">The connection to one server or a cluster.</param>
/// <param name="catalog">The catalogue as messages name it.</param>
internal sealed class CatalogServer(IConnectionMultiplexer connection, string catalog)
{
    /// <summary>The number that stands for the catalogue's manifest.</summary>
    internal const int ManifestShard = -1;

    /// <summary>Errors of servers that are there, but cannot serve now.</summary>
    private static readonly string[] TransientErrors =
        ["CLUSTERDOWN", "MOVED", "ASK", "TRYAGAIN", "LOADING", "MASTERDOWN", "READONLY", "BUSY", "Endpoint"];

    private readonly IDatabase _database = connection.GetDatabase();

    /// <summary>The catalogue as messages name it.</summary>
    internal string Catalog => catalog;

    /// <summary>Asks the server that holds a key of a shard.</summary>
    /// <exception cref="CatalogUnavailableException">It cannot be reached, or does not answer in time.</exception>
    /// <exception cref="StemJepaException">It refuses.</exception>
    internal async Task<T> AskAsync<T>(int shard, RedisKey key, Func<IDatabase, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(_database).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (IsUnavailable(error))
        {
            throw Unavailable([new MissingShard(shard, EndpointOf(key))], error);
        }
        catch (Exception error) when (error is RedisException or RedisCommandException)
        {
            throw new StemJepaException(
                $"{catalog}: the server refuses a command ({OneSentence(error)}): use Redis 8 or newer, or Garnet with "
                + "--enable-vector-set-preview, and an account that may write.",
                error);
        }
    }

    /// <summary>The error for shards that could not be asked.</summary>
    internal CatalogUnavailableException Unavailable(IReadOnlyList<MissingShard> shards, Exception cause)
    {
        string endpoints = string.Join(", ", shards.Select(shard => shard.Endpoint).Distinct());
        MissingShard[] numbered = [.. shards.Where(shard => shard.Number != ManifestShard)];
        string what = numbered.Length switch
        {
            0 => catalog,
            1 => $"Shard {numbered[0].Number} of {catalog}",
            _ => $"Shards {string.Join(", ", numbered.Select(shard => shard.Number))} of {catalog}",
        };
        Exception inner = cause is CatalogUnavailableException { InnerException: { } first } ? first : cause;
        return new CatalogUnavailableException(
            $"{what} cannot be reached at {endpoints} ({OneSentence(inner)}): start the server again, or check the network.", numbered,
            inner);
    }

    private static bool IsUnavailable(Exception error) => error switch
    {
        RedisConnectionException or TimeoutException => true,
        RedisServerException refused => TransientErrors.Any(prefix => refused.Message.StartsWith(prefix, StringComparison.Ordinal)),
        _ => false,
    };

    /// <summary>The address of a catalogue whose connection somebody else has made.</summary>
    internal static string AddressOf(IConnectionMultiplexer connection, string name) =>
        $"redis://{string.Join(',', connection.GetEndPoints().Select(Text))}/{name}";

    private string EndpointOf(RedisKey key)
    {
        foreach (IServer server in connection.GetServers())
        {
            if (server.IsConnected && server.ClusterConfiguration?.GetBySlot(key)?.EndPoint is { } owner)
                return Text(owner);
        }
        return string.Join(", ", connection.GetEndPoints().Select(Text));
    }

    private static string Text(EndPoint endpoint) => endpoint is DnsEndPoint name ? $"{name.Host}:{name.Port}" : endpoint.ToString() ?? "";

    /// <summary>Why TLS could not be agreed on; null where the failure is another one, such as a wrong password.</summary>
    private static Exception? FindTlsFailure(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException or IOException)
                return cause;
        }
        return null;
    }

    /// <summary>What is wrong, without the counters that the client library adds.</summary>
    internal static string OneSentence(Exception error) => error switch
    {
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } when FindTlsFailure(error) is { } failure =>
            failure.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
                ? "the server's TLS certificate is not trusted"
                : "the server does not speak TLS there, and rediss:// asks for it; redis:// does not",
        RedisConnectionException
        {
            FailureType: ConnectionFailureType.UnableToConnect or ConnectionFailureType.UnableToResolvePhysicalConnection,
        } => "no connection",
        RedisConnectionException { FailureType: ConnectionFailureType.SocketClosed or ConnectionFailureType.SocketFailure } =>
            "the connection was closed",
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => "wrong user or password",
        RedisConnectionException connection => connection.FailureType.ToString(),
        TimeoutException => "no answer in time",
        _ => error.Message.Split(['\r', '\n'], 2)[0].TrimEnd('.', ' '),
    };
}
