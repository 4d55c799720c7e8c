using Microsoft.Data.Sqlite;

namespace StemJepa;

/// <summary>Entries as rows of the tables <c>entry</c> and <c>tag</c>.</summary>
internal static class EntryRows
{
    private const string Columns = "id, path_is_id, own_path, stem, key, tempo, seconds, is_silent, content_hash, named_stem, named_key, "
        + "named_tempo, is_analyzed, detected_stem, stem_confidence, detected_key, key_confidence, detected_tempo, tempo_confidence, "
        + "instrument, instrument_confidence, loudness, is_loop, downbeat, downbeat_confidence";

    /// <summary>Tags have no zero characters, and so may be joined by them.</summary>
    private const string Query = "SELECT number, vector, checksum, (SELECT group_concat(tag, char(0)) FROM "
        + $"(SELECT tag FROM tag WHERE entry = number ORDER BY position)), {Columns} FROM entry WHERE ";

    /// <summary>Reads entries that meet a condition, with where their vectors are.</summary>
    internal static List<StoredRecording> Select(CatalogDatabase database, string condition, params object?[] values) =>
        database.Guard(() =>
        {
            using SqliteCommand command = database.Command(Query + condition, values);
            using SqliteDataReader row = command.ExecuteReader();
            var found = new List<StoredRecording>();
            while (row.Read())
                found.Add(Read(new Reader(row)));
            return found;
        });

    /// <summary>Adds entries, whose vectors lie one after another from row <paramref name="vector"/> on.</summary>
    internal static void Insert(CatalogDatabase database, int vector, IEnumerable<(CatalogEntry Entry, ulong Checksum)> recordings)
    {
        int count = Columns.Count(character => character == ',') + 3;
        using SqliteCommand entries = database.Command($"INSERT INTO entry (vector, checksum, {Columns}) VALUES "
            + $"({string.Join(", ", Enumerable.Range(0, count).Select(i => $"@{i}"))})", new object?[count]);
        using SqliteCommand tags = database.Command("INSERT INTO tag VALUES (last_insert_rowid(), @0, @1)", 0, "");
        foreach ((CatalogEntry entry, ulong checksum) in recordings)
        {
            (bool isId, NamedMetadata? named, DetectedMetadata? detected) = (entry.Path == entry.Id, entry.Named, entry.Detected);
            CatalogDatabase.Run(entries, vector++, (long)checksum, entry.Id, isId, isId ? null : entry.Path, entry.Stem?.Name,
                entry.Key?.Number, entry.Tempo, entry.Seconds, entry.IsSilent,
                entry.ContentHash is { } hash ? Convert.FromHexString(hash) : null, named?.Stem?.Name, named?.Key?.Number, named?.Tempo,
                detected is not null, detected?.Stem?.Name, detected?.StemConfidence, detected?.Key?.Number, detected?.KeyConfidence,
                detected?.Tempo, detected?.TempoConfidence, detected?.Instrument, detected?.InstrumentConfidence, detected?.Loudness,
                detected?.IsLoop, detected?.Downbeat, detected?.DownbeatConfidence);
            for (int i = 0; i < entry.Tags.Count; i++)
                CatalogDatabase.Run(tags, i, entry.Tags[i]);
        }
    }

    private static StoredRecording Read(Reader row)
    {
        (long number, long vector, long checksum) = (row.Integer()!.Value, row.Integer()!.Value, row.Integer()!.Value);
        (string? tags, string id, bool isId, string? path) = (row.Text(), row.Text()!, row.Flag() == true, row.Text());
        var entry = new CatalogEntry
        {
            Id = id,
            Path = isId ? id : path,
            Tags = tags?.Split('\0') ?? [],
            Stem = row.Stem(),
            Key = row.Key(),
            Tempo = row.Real(),
            Seconds = row.Real(),
            IsSilent = row.Flag() == true,
            ContentHash = row.Bytes() is { } hash ? Convert.ToHexStringLower(hash) : null,
            Named = new NamedMetadata(row.Stem(), row.Key(), row.Real()) is var named && named == new NamedMetadata() ? null : named,
            Detected = row.Flag() != true ? null : new DetectedMetadata
            {
                Stem = row.Stem(),
                StemConfidence = row.Real(),
                Key = row.Key(),
                KeyConfidence = row.Real(),
                Tempo = row.Real(),
                TempoConfidence = row.Real(),
                Instrument = row.Text(),
                InstrumentConfidence = row.Real(),
                Loudness = row.Real(),
                IsLoop = row.Flag(),
                Downbeat = row.Real(),
                DownbeatConfidence = row.Real(),
            },
        };
        EntryCheck.Require(entry);
        return new StoredRecording(entry, number, vector, (ulong)checksum);
    }

    /// <summary>Reads the columns of a row one after another.</summary>
    private sealed class Reader(SqliteDataReader row)
    {
        private int _next;

        internal long? Integer() => row.IsDBNull(_next++) ? null : row.GetInt64(_next - 1);

        internal bool? Flag() => Integer() is { } value ? value != 0 : null;

        internal double? Real() => row.IsDBNull(_next++) ? null : row.GetDouble(_next - 1);

        internal byte[]? Bytes() => row.IsDBNull(_next++) ? null : row.GetFieldValue<byte[]>(_next - 1);

        /// <summary>All of a text, also what follows a zero character.</summary>
        internal string? Text() => Bytes() is { } bytes ? EntryCheck.Utf8.GetString(bytes) : null;

        internal Stem? Stem() => Text() is not { } name ? null
            : StemJepa.Stem.TryParse(name, out Stem stem) && stem.Name == name ? stem : throw new FormatException($"a stem is '{name}'");

        internal MusicalKey? Key() => Integer() is not { } value ? null
            : value is >= 0 and < MusicalKey.Count ? MusicalKey.FromNumber((int)value) : throw new FormatException($"a key is {value}");
    }
}

/// <summary>An entry, its number, and the row and checksum of its vector, as the database says.</summary>
internal sealed record StoredRecording(CatalogEntry Entry, long Number, long Vector, ulong Checksum);
