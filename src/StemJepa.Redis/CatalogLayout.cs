using System.Text.Json;
using System.Text.Json.Serialization;
using StackExchange.Redis;

namespace StemJepa;

/// <summary>What is written under a catalogue's manifest key when it is made, as JSON; it never changes. Immutable.</summary>
internal sealed record CatalogLayout(string Format, int Version, string Model, string ModelHash, int Length, int Shards, int Links,
    int BuildEffort)
{
    private const string FormatName = "stemjepa-vector-sets";
    private const int CurrentVersion = 2, HashDigits = 64;

    internal ModelIdentity Identity => new(Model, ModelHash, Length);

    internal static CatalogLayout New(ModelIdentity model, VectorSetOptions options) =>
        new(FormatName, CurrentVersion, model.Name, model.Hash, model.Length, options.Shards, options.Links, options.BuildEffort);

    /// <summary>Reads a catalogue's layout; writes <paramref name="wanted"/> first, unless there is one, or it is null.</summary>
    /// <exception cref="StemJepaException">There is no catalogue, it is damaged or of another version, or it cannot be reached.</exception>
    internal static async Task<CatalogLayout> ReadAsync(CatalogServer server, string name, CatalogLayout? wanted,
        CancellationToken cancellationToken)
    {
        RedisKey key = CatalogKeys.Manifest(name);
        if (wanted is not null)
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(wanted, CatalogLayoutJson.Default.CatalogLayout);
            await server.AskAsync(CatalogServer.ManifestShard, key, database => database.StringSetAsync(key, json, when: When.NotExists),
                cancellationToken)
                .ConfigureAwait(false);
        }
        RedisValue value = await server.AskAsync(CatalogServer.ManifestShard, key, database => database.StringGetAsync(key),
            cancellationToken).ConfigureAwait(false);
        if (value.IsNull)
            throw new StemJepaException(
                $"{server.Catalog} is not there: make it with 'stemjepa index' or VectorSetCatalog.OpenOrCreateAsync, or check the name.");
        return Parse((byte[])value!, server.Catalog);
    }

    private static CatalogLayout Parse(byte[] json, string catalog)
    {
        CatalogLayout? layout;
        try
        {
            layout = JsonSerializer.Deserialize(json, CatalogLayoutJson.Default.CatalogLayout);
        }
        catch (JsonException error)
        {
            throw new StemJepaException(
                $"The manifest of {catalog} is damaged (it is not JSON of its form): choose another name, or restore the servers from a "
                + "copy.", error);
        }
        if (layout is { Format: FormatName, Version: not CurrentVersion })
        {
            throw new StemJepaException(
                $"{catalog} is of format version {layout.Version}, and this library reads version {CurrentVersion}: use the library "
                + "that wrote it, or index into another name.");
        }
        bool isSound = layout is { Format: FormatName, Model: not null, ModelHash.Length: HashDigits, Length: > 0 }
            && new VectorSetOptions { Shards = layout.Shards, Links = layout.Links, BuildEffort = layout.BuildEffort }.IsValid;
        return isSound ? layout! : throw new StemJepaException(
            $"The manifest of {catalog} is damaged: choose another name, or restore the servers from a copy.");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CatalogLayout))]
internal sealed partial class CatalogLayoutJson : JsonSerializerContext;
