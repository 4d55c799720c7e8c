using System.Text;
using Microsoft.Data.Sqlite;

namespace StemJepa;

/// <summary>Entries as rows of the tables <c>entry</c> and <c>tag</c>.</summary>
internal static class EntryRows
{
    private const string Columns = "number, vector, checksum, id, path, stem, key, tempo, seconds, is_silent, content_hash, named_stem, "
        + $"named_key, named_tempo, is_analyzed, {DetectedColumns}";

    private const string DetectedColumns = "detected_stem, stem_confidence, detected_key, key_confidence, detected_tempo, "
        + "tempo_confidence, instrument, instrument_confidence, loudness, is_loop, downbeat, downbeat_confidence";
    private const int FirstNamed = 11, FirstDetected = FirstNamed + 4;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Entries that meet a condition, with where their vectors are.</summary>
    internal static List<StoredRecording> Select(CatalogDatabase database, string condition,
        params IEnumerable<(string Name, object? Value)> values) => database.Guard(() =>
    {
        using SqliteCommand entries = EntriesWhere(database, condition, values), tags = TagsOf(database);
        return Read(entries, tags);
    });

    /// <summary>A query for entries with all their columns, for <see cref="Read(SqliteCommand, SqliteCommand)"/>.</summary>
    internal static SqliteCommand EntriesWhere(CatalogDatabase database, string condition,
        params IEnumerable<(string Name, object? Value)> values) =>
        database.Command($"SELECT {Columns} FROM entry WHERE {condition}", values);

    /// <summary>A query for the tags of one entry after another.</summary>
    internal static SqliteCommand TagsOf(CatalogDatabase database) =>
        database.Command("SELECT tag FROM tag WHERE entry = @entry ORDER BY position", ("@entry", 0L));

    /// <summary>Runs a query for entries.</summary>
    internal static List<StoredRecording> Read(SqliteCommand entries, SqliteCommand tags)
    {
        var found = new List<StoredRecording>();
        using SqliteDataReader row = entries.ExecuteReader();
        while (row.Read())
            found.Add(Read(row, tags));
        return found;
    }

    /// <summary>Prepares to add entries.</summary>
    internal static Action<long, int, ulong, CatalogEntry> Insert(CatalogDatabase database, List<IDisposable> used)
    {
        SqliteCommand entries = database.Command("INSERT INTO entry (number, vector, checksum, id, own_path, path_is_id, stem, key, tempo, "
            + "seconds, is_silent, content_hash, named_stem, named_key, named_tempo, is_analyzed, "
            + $"{DetectedColumns}) VALUES (@number, @vector, @checksum, @id, @own_path, @path_is_id, @stem, @key, @tempo, "
            + "@seconds, @is_silent, @hash, @named_stem, @named_key, @named_tempo, @is_analyzed, @"
            + $"{DetectedColumns.Replace(", ", ", @")})");
        SqliteCommand tags = database.Command("INSERT INTO tag (entry, position, tag) VALUES (@entry, @position, @tag)");
        used.AddRange([entries, tags]);
        return (number, vector, checksum, entry) =>
        {
            bool isId = entry.Path == entry.Id;
            Run(entries, ("@number", number), ("@vector", vector), ("@checksum", (long)checksum), ("@id", entry.Id),
                ("@own_path", isId ? null : entry.Path), ("@path_is_id", isId), ("@stem", (int?)entry.Stem), ("@key", entry.Key?.Number),
                ("@tempo", entry.Tempo), ("@seconds", entry.Seconds), ("@is_silent", entry.IsSilent),
                ("@hash", entry.ContentHash is { } hash ? Convert.FromHexString(hash) : null), ("@named_stem", (int?)entry.Named?.Stem),
                ("@named_key", entry.Named?.Key?.Number), ("@named_tempo", entry.Named?.Tempo),
                ("@is_analyzed", entry.Detected is not null), ("@detected_stem", (int?)entry.Detected?.Stem),
                ("@stem_confidence", entry.Detected?.StemConfidence), ("@detected_key", entry.Detected?.Key?.Number),
                ("@key_confidence", entry.Detected?.KeyConfidence), ("@detected_tempo", entry.Detected?.Tempo),
                ("@tempo_confidence", entry.Detected?.TempoConfidence), ("@instrument", entry.Detected?.Instrument),
                ("@instrument_confidence", entry.Detected?.InstrumentConfidence), ("@loudness", entry.Detected?.Loudness),
                ("@is_loop", entry.Detected?.IsLoop), ("@downbeat", entry.Detected?.Downbeat),
                ("@downbeat_confidence", entry.Detected?.DownbeatConfidence));
            for (int i = 0; i < entry.Tags.Count; i++)
                Run(tags, ("@entry", number), ("@position", i), ("@tag", entry.Tags[i]));
        };
    }

    /// <summary>Runs a command again with other values, which come in the same order each time.</summary>
    internal static int Run(SqliteCommand command, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            (string name, object? value) = values[i];
            if (i == command.Parameters.Count)
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            else if (command.Parameters[i].ParameterName == name)
                command.Parameters[i].Value = value ?? DBNull.Value;
            else
                throw new ArgumentException($"Value {i} is {name}, not {command.Parameters[i].ParameterName}.", nameof(values));
        }
        return command.ExecuteNonQuery();
    }

    private static StoredRecording Read(SqliteDataReader row, SqliteCommand tagsOf)
    {
        tagsOf.Parameters[0].Value = row.GetInt64(0);
        var tags = new List<string>();
        using (SqliteDataReader tag = tagsOf.ExecuteReader())
        {
            while (tag.Read())
                tags.Add(Text(tag, 0));
        }
        var entry = new CatalogEntry
        {
            Id = Text(row, 3),
            Path = row.IsDBNull(4) ? null : Text(row, 4),
            Stem = Stem(row, 5),
            Key = Key(row, 6),
            Tempo = Real(row, 7),
            Seconds = Real(row, 8),
            IsSilent = row.GetInt64(9) != 0,
            Tags = tags,
            ContentHash = row.IsDBNull(10) ? null : Convert.ToHexStringLower(row.GetFieldValue<byte[]>(10)),
            Named = new NamedMetadata(Stem(row, FirstNamed), Key(row, FirstNamed + 1), Real(row, FirstNamed + 2)) is var named
                && named == new NamedMetadata() ? null : named,
            Detected = row.GetInt64(FirstDetected - 1) == 0 ? null : Detected(row),
        };
        EntryCheck.Require(entry);
        return new StoredRecording(entry, row.GetInt64(0), row.GetInt64(1), (ulong)row.GetInt64(2));
    }

    private static DetectedMetadata Detected(SqliteDataReader row) => new()
    {
        Stem = Stem(row, FirstDetected),
        StemConfidence = Real(row, FirstDetected + 1),
        Key = Key(row, FirstDetected + 2),
        KeyConfidence = Real(row, FirstDetected + 3),
        Tempo = Real(row, FirstDetected + 4),
        TempoConfidence = Real(row, FirstDetected + 5),
        Instrument = row.IsDBNull(FirstDetected + 6) ? null : Text(row, FirstDetected + 6),
        InstrumentConfidence = Real(row, FirstDetected + 7),
        Loudness = Real(row, FirstDetected + 8),
        IsLoop = row.IsDBNull(FirstDetected + 9) ? null : row.GetInt64(FirstDetected + 9) != 0,
        Downbeat = Real(row, FirstDetected + 10),
        DownbeatConfidence = Real(row, FirstDetected + 11),
    };

    private static Stem? Stem(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : (Stem)Within(row.GetInt64(column), ModelInfo.StemNames.Count);

    private static MusicalKey? Key(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : MusicalKey.FromNumber(Within(row.GetInt64(column), MusicalKey.Count));

    private static double? Real(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    /// <summary>Reads all of a text, also what follows a zero character.</summary>
    private static string Text(SqliteDataReader row, int column) => Utf8.GetString(row.GetFieldValue<byte[]>(column));

    private static int Within(long value, int count) =>
        value >= 0 && value < count ? (int)value : throw new FormatException($"a stem or key is {value}");
}

/// <summary>An entry, and where its vector is.</summary>
/// <param name="Entry">The metadata.</param>
/// <param name="Number">Greater for entries that were added later.</param>
/// <param name="Vector">The row of the file of vectors, as the database says.</param>
/// <param name="Checksum">That row's <see cref="VectorRow.Checksum"/>.</param>
internal sealed record StoredRecording(CatalogEntry Entry, long Number, long Vector, ulong Checksum);
