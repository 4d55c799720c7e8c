namespace StemJepa;

/// <summary>The tables of a catalogue's database; docs/guide/catalog.md explains them.</summary>
internal static class CatalogSchema
{
    internal const string Single = "single", Int8 = "int8";

    /// <summary>"SJCA".</summary>
    private const int ApplicationId = 0x534A_4341;

    /// <summary>
    /// The format version that this library writes, and the only one it reads. Version 1 had no database, version 2 no analysis, version 3
    /// numbers for stems.
    /// </summary>
    private const int Version = 4;

    private static readonly string[] Objects =
    [
        """
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
            """,
        """
            CREATE TABLE entry (
                number INTEGER PRIMARY KEY,
                vector INTEGER NOT NULL,
                checksum INTEGER NOT NULL,
                is_silent INTEGER NOT NULL,
                stem TEXT,
                key INTEGER,
                tempo REAL,
                seconds REAL,
                path_is_id INTEGER NOT NULL,
                id TEXT NOT NULL UNIQUE,
                own_path TEXT,
                content_hash BLOB,
                named_stem TEXT,
                named_key INTEGER,
                named_tempo REAL,
                is_analyzed INTEGER NOT NULL,
                detected_stem TEXT,
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
            """,
        """
            CREATE TABLE tag (
                entry INTEGER NOT NULL,
                position INTEGER NOT NULL,
                tag TEXT NOT NULL,
                PRIMARY KEY (entry, position)
            ) STRICT, WITHOUT ROWID
            """,
        "CREATE INDEX tag_entries ON tag (tag, entry)",
    ];

    /// <summary>Makes an empty catalogue of an empty database.</summary>
    internal static void Make(CatalogDatabase database, ModelIdentity model, CatalogPrecision precision) => database.Execute(
        $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; {string.Join("; ", Objects)}; INSERT INTO catalog "
        + "VALUES (1, lower(hex(randomblob(16))), lower(hex(randomblob(16))), 1, @0, @1, @2, @3, 0, 0); PRAGMA journal_mode = WAL",
        model.Name, model.Hash, model.Length, precision == CatalogPrecision.Int8 ? Int8 : Single);

    /// <summary>Refuses a database that is not a catalogue's of this version.</summary>
    /// <exception cref="StemJepaException">It is another one.</exception>
    internal static void Check(CatalogDatabase database)
    {
        string path = CatalogFolder.Database(database.Folder);
        if (database.Number("PRAGMA application_id") != ApplicationId)
            throw new StemJepaException($"{path} is not the database of a stem catalogue: name the folder of one.");
        long version = database.Number("PRAGMA user_version");
        if (version != Version)
            throw new StemJepaException(
                $"{path} is of format version {version}, and this library reads version {Version}: use the library that wrote it, or "
                + $"{CatalogFolder.Advice}.");
        if (database.Number("SELECT count(*) FROM sqlite_schema WHERE sql IN (@0, @1, @2, @3)", Objects) != Objects.Length)
            throw new StemJepaException($"{path} is damaged (its tables are not as they were made): {CatalogFolder.Advice}.");
    }
}
