using System.Globalization;
using System.Text;
using StackExchange.Redis;

namespace StemJepa;

/// <summary>
/// The keys of one shard of a catalogue. All have one hash tag, so that a cluster keeps a shard on one server. Immutable.
/// </summary>
internal sealed class CatalogKeys
{
    /// <summary>Hashes that the recordings of a shard are spread over, so that each can be read at once.</summary>
    internal const int Buckets = 64;

    internal const string NameRule = "a name has 1 to 64 letters (a-z, A-Z), digits, dots, hyphens and underscores";

    private const int LongestName = 64, Slots = 16384;
    private static readonly string[] KindNames = [.. Stem.Roles.Select(stem => stem.Name), "more", "unknown"];

    private readonly RedisKey[] _entries, _vectors, _sets;

    internal CatalogKeys(string name, int shard, int shards)
    {
        string prefix = $"stemjepa:{{{Tag(name, shard, shards)}}}";
        _entries = [.. Enumerable.Range(0, Buckets)
            .Select(bucket => (RedisKey)string.Create(CultureInfo.InvariantCulture, $"{prefix}:entries:{bucket}"))];
        _vectors = [.. Enumerable.Range(0, Buckets)
            .Select(bucket => (RedisKey)string.Create(CultureInfo.InvariantCulture, $"{prefix}:vectors:{bucket}"))];
        _sets = [.. KindNames.Select(kind => (RedisKey)$"{prefix}:set:{kind}")];
    }

    /// <summary>
    /// How many vector sets a shard has: one for each of <see cref="Stem.Roles"/>, one for all stems beyond these, and one for recordings
    /// of unknown stem.
    /// </summary>
    internal static int Kinds => KindNames.Length;

    internal static int MoreKind => KindNames.Length - 2;

    internal static int UnknownKind => KindNames.Length - 1;

    internal static int KindOf(Stem? stem) => stem is not { } known ? UnknownKind : known.IsRole ? known.Role : MoreKind;

    internal static RedisKey Manifest(string name) => $"stemjepa:{{{name}}}:manifest";

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>What is known of recordings.</summary>
    internal RedisKey Entries(int bucket) => _entries[bucket];

    /// <summary>Their directions.</summary>
    internal RedisKey Vectors(int bucket) => _vectors[bucket];

    /// <summary>The vector set of a kind: a role's number, <see cref="MoreKind"/> or <see cref="UnknownKind"/>.</summary>
    internal RedisKey Set(int kind) => _sets[kind];

    /// <summary>All keys that the shard may use.</summary>
    internal IEnumerable<RedisKey> All => [.. _entries, .. _vectors, .. _sets];

    /// <summary>
    /// A tag near the middle of the shard's part of a cluster's slots: the first <c>NAME/SHARD.N</c> there. Clusters give each server a
    /// range of slots, so that shards spread evenly.
    /// </summary>
    internal static string Tag(string name, int shard, int shards)
    {
        for (int attempt = 0; ; attempt++)
        {
            string tag = string.Create(CultureInfo.InvariantCulture, $"{name}/{shard}.{attempt}");
            long quarter = 4L * Slot(tag) * shards / Slots;
            if (quarter == 4 * shard + 1 || quarter == 4 * shard + 2)
                return tag;
        }
    }

    /// <summary>The slot of a tag: CRC-16/XMODEM modulo 16,384, as the cluster specification has it.</summary>
    internal static int Slot(string tag)
    {
        int crc = 0;
        foreach (byte value in Encoding.UTF8.GetBytes(tag))
        {
            crc ^= value << 8;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            crc &= 0xFFFF;
        }
        return crc % Slots;
    }
}
