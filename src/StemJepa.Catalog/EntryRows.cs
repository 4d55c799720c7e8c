using System.Text;
using Microsoft.Data.Sqlite;

namespace StemJepa;

/// <summary>Entries as rows of the tables <c>entry</c> and <c>tag</c>.</summary>
internal static class EntryRows
{
    private const string Columns = "number, vector, checksum, id, path, stem, key, tempo, seconds, is_silent, content_hash";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Entries that meet a condition, with where their vectors are.</summary>
    internal static List<StoredRecording> Select(CatalogDatabase database, string condition,
        params IEnumerable<(string Name, object? Value)> values) => database.Guard(() =>
    {
        var found = new List<StoredRecording>();
        using SqliteCommand command = database.Command($"SELECT {Columns} FROM entry WHERE {condition}", values);
        using SqliteCommand tags = database.Command("SELECT tag FROM tag WHERE entry = @entry ORDER BY position", ("@entry", 0L));
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            found.Add(Read(row, tags));
        return found;
    });

    /// <summary>Prepares to add entries.</summary>
    internal static Action<long, int, ulong, CatalogEntry> Insert(CatalogDatabase database, List<IDisposable> used)
    {
        SqliteCommand entries = database.Command("INSERT INTO entry (number, vector, checksum, id, own_path, path_is_id, stem, key, tempo, "
            + "seconds, is_silent, content_hash) VALUES (@number, @vector, @checksum, @id, @own_path, @path_is_id, @stem, @key, @tempo, "
            + "@seconds, @is_silent, @hash)");
        SqliteCommand tags = database.Command("INSERT INTO tag (entry, position, tag) VALUES (@entry, @position, @tag)");
        used.AddRange([entries, tags]);
        return (number, vector, checksum, entry) =>
        {
            bool isId = entry.Path == entry.Id;
            Run(entries, ("@number", number), ("@vector", vector), ("@checksum", (long)checksum), ("@id", entry.Id),
                ("@own_path", isId ? null : entry.Path), ("@path_is_id", isId), ("@stem", (int?)entry.Stem), ("@key", entry.Key?.Number),
                ("@tempo", entry.Tempo), ("@seconds", entry.Seconds), ("@is_silent", entry.IsSilent),
                ("@hash", entry.ContentHash is { } hash ? Convert.FromHexString(hash) : null));
            for (int i = 0; i < entry.Tags.Count; i++)
                Run(tags, ("@entry", number), ("@position", i), ("@tag", entry.Tags[i]));
        };
    }

    /// <summary>Runs a command again with other values.</summary>
    internal static int Run(SqliteCommand command, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        foreach ((string name, object? value) in values)
        {
            if (command.Parameters.Contains(name))
                command.Parameters[name].Value = value ?? DBNull.Value;
            else
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
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
            Stem = row.IsDBNull(5) ? null : (Stem)Within(row.GetInt64(5), ModelInfo.StemNames.Count),
            Key = row.IsDBNull(6) ? null : MusicalKey.FromNumber(Within(row.GetInt64(6), MusicalKey.Count)),
            Tempo = row.IsDBNull(7) ? null : row.GetDouble(7),
            Seconds = row.IsDBNull(8) ? null : row.GetDouble(8),
            IsSilent = row.GetInt64(9) != 0,
            Tags = tags,
            ContentHash = row.IsDBNull(10) ? null : Convert.ToHexStringLower(row.GetFieldValue<byte[]>(10)),
        };
        EntryCheck.Require(entry);
        return new StoredRecording(entry, row.GetInt64(0), row.GetInt64(1), (ulong)row.GetInt64(2));
    }

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
