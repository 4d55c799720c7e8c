using Microsoft.Data.Sqlite;

namespace StemJepa;

/// <summary>The tables of a catalogue's database; docs/guide/catalog.md explains them.</summary>
internal static class CatalogSchema
{
    /// <summary>What errors advise.</summary>
    internal const string Advice = "restore the folder from a copy, or index the recordings again";

    /// <summary>"SJCA".</summary>
    private const int ApplicationId = 0x534A_4341;

    /// <summary>
    /// The format version that this library writes, and the only one it reads. Version 1 had no database, version 2 no analysis.
    /// </summary>
    private const int Version = 3;

    private static readonly (string Name, string Sql)[] Objects =
    [
        ("catalog", """
            CREATE TABLE catalog (
                one INTEGER PRIMARY KEY CHECK (one = 1),
                catalog_id TEXT NOT NULL,
                commit_id TEXT NOT NULL,
                generation INTEGER NOT NULL,
                model_name TEXT NOT NULL,
                model_hash TEXT NOT NULL,
                embedding_length INTEGER NOT NULL,
                precision TEXT NOT NULL,
                vector_file INTEGER NOT NULL,
                vector_rows INTEGER NOT NULL
            ) STRICT
            """),
        ("entry", """
            CREATE TABLE entry (
                number INTEGER PRIMARY KEY,
                vector INTEGER NOT NULL,
                checksum INTEGER NOT NULL,
                is_silent INTEGER NOT NULL,
                stem INTEGER,
                key INTEGER,
                tempo REAL,
                seconds REAL,
                path_is_id INTEGER NOT NULL,
                id TEXT NOT NULL UNIQUE,
                own_path TEXT,
                content_hash BLOB,
                named_stem INTEGER,
                named_key INTEGER,
                named_tempo REAL,
                is_analyzed INTEGER NOT NULL,
                detected_stem INTEGER,
                stem_confidence REAL,
                detected_key INTEGER,
                key_confidence REAL,
                detected_tempo REAL,
                tempo_confidence REAL,
                instrument TEXT,
                instrument_confidence REAL,
                loudness REAL,
                is_loop INTEGER,
                downbeat REAL,
                downbeat_confidence REAL,
                path TEXT AS (CASE WHEN path_is_id THEN id ELSE own_path END) VIRTUAL
            ) STRICT
            """),
        ("tag", """
            CREATE TABLE tag (
                entry INTEGER NOT NULL,
                position INTEGER NOT NULL,
                tag TEXT NOT NULL,
                PRIMARY KEY (entry, position)
            ) STRICT, WITHOUT ROWID
            """),
        ("tag_entries", "CREATE INDEX tag_entries ON tag (tag, entry)"),
    ];

    /// <summary>Makes the database of an empty catalogue, whole or not at all.</summary>
    /// <exception cref="StemJepaException">It cannot be written.</exception>
    internal static void Create(string folder, CatalogHeader header)
    {
        string path = CatalogFiles.Database(folder), beside = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(beside), Pooling = false }.ToString()))
            {
                connection.Open();
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; "
                    + $"{string.Join("; ", Objects.Select(table => table.Sql))}; "
                    + $"INSERT INTO catalog (one, {CatalogHeader.Columns}) VALUES (1, {CatalogHeader.Parameters}); "
                    + "PRAGMA journal_mode = WAL";
                foreach ((string name, object? value) in header.Values())
                    command.Parameters.AddWithValue(name, value);
                command.ExecuteNonQuery();
            }
            File.Move(beside, path);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new StemJepaException(
                $"Cannot write {path}: {error.Message.TrimEnd('.')}; choose a folder that is writable and has space.", error,
                StemJepaErrorKind.Access);
        }
    }

    /// <summary>Refuses a database that is not a catalogue's of this version.</summary>
    /// <param name="path">The database.</param>
    /// <param name="number">Runs a query for a number.</param>
    /// <param name="sqlOf">Tells how something of a name was made; null if there is nothing.</param>
    /// <exception cref="StemJepaException">It is another one.</exception>
    internal static void Check(string path, Func<string, long> number, Func<string, string?> sqlOf)
    {
        if (number("PRAGMA application_id") != ApplicationId)
            throw new StemJepaException($"{path} is not the database of a stem catalogue: name the folder of one.");
        long version = number("PRAGMA user_version");
        if (version != Version)
            throw new StemJepaException(
                $"{path} is of format version {version}, and this library reads version {Version}: use the library that wrote it, or "
                + $"{Advice}.");
        foreach ((string name, string sql) in Objects)
        {
            if (sqlOf(name) != sql)
                throw new StemJepaException($"{path} is damaged ('{name}' is not as it was made): {Advice}.");
        }
    }

    /// <summary>Refuses a folder without a database.</summary>
    /// <exception cref="StemJepaException">There is none.</exception>
    internal static void RequireDatabase(string folder)
    {
        if (File.Exists(folder))
            throw new StemJepaException($"{folder} is a file: name the folder of a stem catalogue.");
        string database = CatalogFiles.Database(folder);
        if (File.Exists(database))
        {
            // To open a pipe would wait for its other side.
            if (RegularFile.TryGetLength(database) is null)
                throw new StemJepaException($"{database} is empty, or a pipe or device, and no database: {Advice}.");
            return;
        }
        RefuseFormerFormat(folder);
        const string orMake = "or make one with 'stemjepa index' or CatalogWriter";
        throw new StemJepaException(Directory.Exists(folder)
            ? $"{folder} is not a stem catalogue (it has no file '{Path.GetFileName(CatalogFiles.Database(folder))}'): name the folder of "
                + $"one, {orMake}."
            : $"{folder} does not exist: name the folder of a stem catalogue, {orMake}.", StemJepaErrorKind.NotFound);
    }

    /// <exception cref="StemJepaException">The folder holds a catalogue of version 1.</exception>
    internal static void RefuseFormerFormat(string folder)
    {
        if (CatalogFiles.HasFormerFormat(folder))
            throw new StemJepaException(
                $"{folder} is a catalogue of format version 1, which this library does not read: index the recordings again into "
                + "another folder.");
    }
}
