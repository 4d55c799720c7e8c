using Microsoft.Data.Sqlite;

namespace StemJepa;

/// <summary>
/// A catalogue as one commit left it: a read transaction on the database, and the file of vectors. Thread-safe; both stay open until it is
/// closed and the last call is out.
/// </summary>
internal sealed class Snapshot
{
    private const int PageEntries = 256;

    private readonly CatalogDatabase _database;
    private readonly Lock _using = new();
    private readonly VectorFile? _vectors;
    private RowTable? _rows;
    private int? _count;
    private SqliteCommand? _byId, _tags;

    private Snapshot(CatalogDatabase database, CatalogHeader header, VectorFile? vectors)
    {
        (_database, Header, _vectors) = (database, header, vectors);
        Gate = new UseGate(Release, database.Folder);
    }

    internal CatalogHeader Header { get; }

    /// <summary>Every call that reads enters first.</summary>
    internal UseGate Gate { get; }

    /// <summary>Recordings.</summary>
    internal int Count
    {
        get
        {
            lock (_using)
                return _count ??= (int)Math.Clamp(_database.Number("SELECT count(*) FROM entry"), 0, int.MaxValue);
        }
    }

    /// <summary>The vectors, ready to be read; only where there is a row.</summary>
    internal VectorFile Vectors
    {
        get
        {
            VectorFile vectors = _vectors ?? throw new StemJepaException(
                $"{CatalogFiles.Database(_database.Folder)} is damaged (it names entries without vectors): {CatalogSchema.Advice}.");
            vectors.Prepare();
            return vectors;
        }
    }

    /// <summary>
    /// Opens the newest state of a catalogue, with the file of vectors that an older snapshot, which must still be open, has open already.
    /// </summary>
    /// <exception cref="StemJepaException">There is no catalogue, or it is damaged.</exception>
    internal static Snapshot Load(string folder, Snapshot? previous = null)
    {
        string? missing = null;
        while (true)
        {
            CatalogDatabase database = CatalogDatabase.OpenToRead(folder);
            try
            {
                database.Execute("BEGIN");
                CatalogHeader header = database.Header();
                if (header.VectorRows == 0)
                    return new Snapshot(database, header, null);
                if (previous?._vectors is { } vectors && vectors.Serves(header))
                {
                    vectors.AddUse();
                    return new Snapshot(database, header, vectors);
                }
                try
                {
                    return new Snapshot(database, header, new VectorFile(folder, header));
                }
                catch (FileNotFoundException) when (missing != header.CommitId)
                {
                    // A writer may have replaced the file since; then there is a newer state.
                    missing = header.CommitId;
                    database.Dispose();
                }
                catch (FileNotFoundException error)
                {
                    throw new StemJepaException($"{error.FileName} is missing: {CatalogSchema.Advice}.", error);
                }
            }
            catch
            {
                database.Dispose();
                throw;
            }
        }
    }

    internal bool IsSame(Snapshot other) => (Header.CatalogId, Header.CommitId) == (other.Header.CatalogId, other.Header.CommitId);

    /// <summary>All rows, read when first asked for.</summary>
    internal RowTable Rows()
    {
        lock (_using)
            return _rows ??= RowTable.Load(_database, Header);
    }

    /// <summary>The rows that pass a filter.</summary>
    internal RowSet Select(CatalogFilter? filter)
    {
        RowTable rows = Rows();
        var condition = new EntryCondition(filter ?? new CatalogFilter());
        if (condition.IsOnlySilence)
            return filter is { IncludeSilent: true } ? rows.Live : rows.Audible;
        lock (_using)
            return rows.Select(_database, condition);
    }

    /// <summary>The recording of this id.</summary>
    internal StoredRecording? Find(string id)
    {
        lock (_using)
        {
            // Prepared once: a library that is indexed again asks for every file.
            _byId ??= EntryRows.EntriesWhere(_database, "id = @id", ("@id", id));
            _tags ??= EntryRows.TagsOf(_database);
            _byId.Parameters[0].Value = id;
            return _database.Guard(() => EntryRows.Read(_byId, _tags).FirstOrDefault());
        }
    }

    /// <summary>The recordings that rows belong to, in their order.</summary>
    internal CatalogEntry[] Entries(IEnumerable<int> rows)
    {
        RowTable table = Rows();
        long[] numbers = [.. rows.Select(row => table.Numbers[row])];
        var found = new Dictionary<long, CatalogEntry>();
        lock (_using)
        {
            foreach (long[] some in numbers.Chunk(PageEntries))
            {
                foreach (StoredRecording recording in EntryRows.Select(_database, $"number IN ({string.Join(',', some)})"))
                    found[recording.Number] = recording.Entry;
            }
        }
        return Array.ConvertAll(numbers, number => found.TryGetValue(number, out CatalogEntry? entry) ? entry : throw new StemJepaException(
            $"{CatalogFiles.Database(_database.Folder)} is damaged (it has no entry {number}): {CatalogSchema.Advice}."));
    }

    /// <summary>The recordings after one that pass a filter, some of them at a time.</summary>
    internal List<StoredRecording> Page(EntryCondition condition, long after)
    {
        lock (_using)
            return EntryRows.Select(_database, $"number > @after AND {condition.Sql} ORDER BY number LIMIT {PageEntries}",
                [.. condition.Values, ("@after", after)]);
    }

    /// <summary>The direction in a row that has been prepared for reading.</summary>
    internal float[] Direction(VectorFile vectors, int row, ulong checksum)
    {
        VectorRow found = vectors.Row(row, checksum);
        var direction = new float[Header.Model.Length];
        VectorCode.Decode(Header.Precision, found.Vector, found.Refinement, found.Scale, direction);
        return direction;
    }

    internal CatalogStatistics CountAll()
    {
        lock (_using)
            return _database.Guard(() =>
            {
                var stems = Enum.GetValues<Stem>().ToDictionary(stem => stem, _ => 0);
                foreach (Stem stem in Enum.GetValues<Stem>())
                    stems[stem] = (int)_database.Number("SELECT count(*) FROM entry WHERE stem = @stem", ("@stem", (long)stem));
                using var command = _database.Command(
                    "SELECT count(*), total(seconds), count(tempo), count(key), count(*) FILTER (WHERE is_silent <> 0) FROM entry");
                using var row = command.ExecuteReader();
                row.Read();
                return new CatalogStatistics
                {
                    Recordings = row.GetInt32(0),
                    Stems = stems,
                    Seconds = row.GetDouble(1),
                    KnownTempo = row.GetInt32(2),
                    KnownKey = row.GetInt32(3),
                    Silent = row.GetInt32(4),
                    Bytes = CatalogFiles.Bytes(_database.Folder, Header.VectorFile),
                    Segments = Header.VectorRows > 0 ? 1 : 0,
                    Dead = Math.Max(0, Header.VectorRows - row.GetInt32(0)),
                };
            });
    }

    private void Release()
    {
        _byId?.Dispose();
        _tags?.Dispose();
        _database.Dispose();
        _vectors?.EndUse();
    }
}
