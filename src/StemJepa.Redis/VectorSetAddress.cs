using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using StackExchange.Redis;

namespace StemJepa;

/// <summary>
/// Where a catalogue is: <c>redis://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]...]/NAME[?shards=N]</c>, <c>rediss://</c> for TLS. Of a
/// cluster, a few of its servers are enough. Immutable.
/// </summary>
internal sealed record VectorSetAddress
{
    private const string Scheme = "redis://", TlsScheme = "rediss://", ShardsQuery = "shards=";
    private const string Form = "use redis://HOST:PORT/NAME, such as redis://localhost:6379/library";

    /// <summary>A busy server may take long over one insertion; to be connected to, it may not.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), ConnectPatience = TimeSpan.FromSeconds(5);

    private VectorSetAddress(bool isTls, string[] hosts, string? user, string? password, string name, int? shards) =>
        (IsTls, Hosts, User, Password, Name, Shards) = (isTls, hosts, user, password, name, shards);

    internal bool IsTls { get; }

    internal IReadOnlyList<string> Hosts { get; }

    internal string? User { get; }

    internal string? Password { get; }

    /// <summary>The catalogue's name on the servers.</summary>
    internal string Name { get; }

    /// <summary>How many shards a new catalogue gets, if that is said.</summary>
    internal int? Shards { get; }

    /// <summary>Whether a text is meant as an address, and not as a folder.</summary>
    internal static bool IsMeant(string text) =>
        text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || text.StartsWith(TlsScheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an address; otherwise <paramref name="problem"/> states in a sentence what is wrong, without the password.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out VectorSetAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        problem = null;
        if (!IsMeant(text))
            problem = $"'{Shown(text)}' is not an address: {Form}";
        else
            address = Parse(text, ref problem);
        return address is not null;
    }

    /// <exception cref="ArgumentException">It is not an address.</exception>
    internal static VectorSetAddress Parse(string text) =>
        TryParse(text, out VectorSetAddress? address, out string? problem) ? address
        : throw new ArgumentException(problem + ".", nameof(text));

    /// <summary>The settings of the connection: patient with slow answers, quick to say that a server is gone.</summary>
    internal ConfigurationOptions ToConfiguration()
    {
        var configuration = new ConfigurationOptions
        {
            AsyncTimeout = (int)Patience.TotalMilliseconds,
            ConnectTimeout = (int)ConnectPatience.TotalMilliseconds,
            SyncTimeout = (int)Patience.TotalMilliseconds,
            BacklogPolicy = BacklogPolicy.FailFast,
            // Garnet answers searches in this version of the protocol only.
            Protocol = RedisProtocol.Resp2,
            ClientName = "StemJepa",
            Ssl = IsTls,
            User = User,
            Password = Password,
        };
        foreach (string host in Hosts)
            configuration.EndPoints.Add(host);
        return configuration;
    }

    /// <summary>The address without user and password.</summary>
    public override string ToString() => $"{(IsTls ? TlsScheme : Scheme)}{string.Join(',', Hosts)}/{Name}";

    private static VectorSetAddress? Parse(string text, ref string? problem)
    {
        bool isTls = text.StartsWith(TlsScheme, StringComparison.OrdinalIgnoreCase);
        string rest = text[(isTls ? TlsScheme : Scheme).Length..];
        int at = rest.LastIndexOf('@');
        string[] credentials = at < 0 ? [] : rest[..at].Split(':', 2);
        string[] parts = rest[(at + 1)..].Split('/', 2);
        string[] hosts = parts[0].Split(',');
        string[] path = parts.Length < 2 ? [""] : parts[1].Split('?', 2);
        int? shards = null;
        if (hosts.Any(host => !IsHost(host)))
            problem = $"'{Shown(text)}' does not name its servers: {Form}";
        else if (!CatalogKeys.IsName(path[0]))
            problem = $"'{Shown(text)}' names the catalogue '{path[0]}', and {CatalogKeys.NameRule}: {Form}";
        else if (path.Length == 2 && (shards = ParseShards(path[1])) is null)
            problem = $"'{Shown(text)}' ends in '?{path[1]}': use ?shards=N with N from 1 to {VectorSetOptions.MaximumShards}, or nothing";
        if (problem is not null)
            return null;
        string? password = credentials.Length == 0 ? null : Uri.UnescapeDataString(credentials[^1]);
        string? user = credentials.Length == 2 && credentials[0].Length > 0 ? Uri.UnescapeDataString(credentials[0]) : null;
        return new VectorSetAddress(isTls, hosts, user, password, path[0], shards);
    }

    /// <summary>A name, an IPv4 address or an IPv6 address in brackets, with a port or without.</summary>
    private static bool IsHost(string host)
    {
        int colon = host.LastIndexOf(':');
        bool hasPort = colon > host.LastIndexOf(']');
        string name = hasPort ? host[..colon] : host;
        return Uri.CheckHostName(name) != UriHostNameType.Unknown
            && (!hasPort || (int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= ushort.MaxValue));
    }

    private static int? ParseShards(string query) => query.StartsWith(ShardsQuery, StringComparison.Ordinal)
        && int.TryParse(query.AsSpan(ShardsQuery.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int shards)
        && shards is >= 1 and <= VectorSetOptions.MaximumShards ? shards : null;

    private static string Shown(string text)
    {
        int start = text.IndexOf("//", StringComparison.Ordinal) + 2, at = text.LastIndexOf('@');
        return at < start ? text : text[..start] + text[(at + 1)..];
    }
}
