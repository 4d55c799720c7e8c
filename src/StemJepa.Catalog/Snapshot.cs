using Microsoft.Data.Sqlite;

namespace StemJepa;

/// <summary>
/// A catalogue as one commit left it: a read transaction on the database, and the file of vectors. Thread-safe; both stay open until it is
/// closed and the last call is out.
/// </summary>
internal sealed class Snapshot : IDisposable
{
    private const int PageEntries = 256;

    private readonly CatalogDatabase _database, _watch;
    private readonly (DateTime, DateTime, long) _stamp;
    private readonly long _version;
    private readonly Lock _using = new();
    private VectorFile? _vectors;
    private RowTable? _rows;
    private int? _count;

    private Snapshot(string folder)
    {
        // Before the state is read, so that no later commit goes unnoticed.
        _stamp = Stamp(folder);
        _watch = CatalogDatabase.OpenToRead(folder);
        try
        {
            _version = _watch.Number("PRAGMA data_version");
            _database = CatalogDatabase.OpenToRead(folder);
            _database.Execute("BEGIN");
            Header = CatalogHeader.Read(_database);
        }
        catch
        {
            _watch.Dispose();
            _database?.Dispose();
            throw;
        }
        Gate = new UseGate(Release, folder);
    }

    internal CatalogHeader Header { get; }

    /// <summary>Every call that reads enters first, and disposes of the snapshot to leave.</summary>
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

    /// <summary>Opens the newest state; vectors that the state <paramref name="before"/> has verified are not verified again.</summary>
    /// <exception cref="StemJepaException">There is no catalogue, or it is damaged.</exception>
    internal static Snapshot Load(string folder, Snapshot? before = null)
    {
        for (string? missing = null; ;)
        {
            var snapshot = new Snapshot(folder);
            try
            {
                if (snapshot.Header.VectorRows > 0)
                    snapshot._vectors = new VectorFile(folder, snapshot.Header, before?._vectors);
                return snapshot;
            }
            catch (StemJepaException error)
            {
                snapshot.Gate.Dispose();
                if (error.InnerException is not FileNotFoundException || missing == snapshot.Header.CommitId)
                    throw;
                // A writer may have replaced the file since; then there is a newer state.
                missing = snapshot.Header.CommitId;
            }
        }
    }

    /// <summary>Whether the catalogue may have changed since, which is much faster than opening it. Not thread-safe.</summary>
    internal bool HasChanged() => Stamp(_watch.Folder) != _stamp || _watch.Number("PRAGMA data_version") != _version;

    /// <summary>Whether each row passes a filter.</summary>
    internal bool[] Select(CatalogFilter? filter)
    {
        var condition = new EntryCondition(filter ?? new CatalogFilter());
        lock (_using)
        {
            _rows ??= RowTable.Load(_database, Header);
            return !condition.IsOnlySilence ? _rows.Select(_database, condition)
                : filter is { IncludeSilent: true } ? _rows.Live : _rows.Audible;
        }
    }

    /// <summary>The rows that fit best, best first; <paramref name="accepted"/> is from <see cref="Select"/>, or some of these.</summary>
    internal (float Affinity, int Row)[] Search(StemEmbedding prediction, int top, bool[] accepted, CancellationToken cancellationToken)
    {
        if (!accepted.Contains(true))
            return [];
        _vectors!.CheckLength();
        return new CatalogSearch(_vectors, Header.Layout, _rows!, accepted, prediction.Direction.ToArray()).Best(top, cancellationToken);
    }

    /// <summary>The rows that were found, with their recordings, in their order.</summary>
    internal CatalogMatch[] Matches(IReadOnlyCollection<(float Affinity, int Row)> found)
    {
        var entries = new Dictionary<long, CatalogEntry>();
        foreach ((float, int Row)[] some in found.Chunk(PageEntries))
        {
            foreach (StoredRecording recording in Entries($"number IN ({string.Join(',', some.Select(one => _rows!.Numbers[one.Row]))})"))
                entries[recording.Number] = recording.Entry;
        }
        return _database.Guard(() => found.Select(one => entries.TryGetValue(_rows!.Numbers[one.Row], out CatalogEntry? entry)
            ? new CatalogMatch(entry, one.Affinity) : throw new FormatException($"it has no entry {_rows.Numbers[one.Row]}")).ToArray());
    }

    /// <summary>The recording of this id.</summary>
    internal StoredRecording? Find(string id) => Entries("id = @0", id).FirstOrDefault();

    /// <summary>The recordings that pass a filter, after one of a number, some of them at a time.</summary>
    internal List<StoredRecording> Page(EntryCondition condition, long after) =>
        Entries($"number > {after} AND {condition.Sql} ORDER BY number LIMIT {PageEntries}", condition.Values);

    private List<StoredRecording> Entries(string condition, params object?[] values)
    {
        lock (_using)
            return EntryRows.Select(_database, condition, values);
    }

    /// <summary>The direction of a recording.</summary>
    internal float[] Direction(StoredRecording recording) => _database.Guard(() =>
    {
        if (_vectors is null)
            throw new FormatException("it names entries without vectors");
        _vectors.CheckLength();
        return Header.Layout.Decode(_vectors.Row(recording.Vector, recording.Checksum));
    });

    internal CatalogStatistics CountAll()
    {
        lock (_using)
            return _database.Guard(() =>
            {
                using SqliteCommand command = _database.Command(
                    "SELECT count(*), total(seconds), count(tempo), count(key), count(*) FILTER (WHERE is_silent <> 0) FROM entry");
                using SqliteDataReader row = command.ExecuteReader();
                row.Read();
                return new CatalogStatistics
                {
                    Recordings = row.GetInt32(0),
                    Stems = CountStems(),
                    Seconds = row.GetDouble(1),
                    KnownTempo = row.GetInt32(2),
                    KnownKey = row.GetInt32(3),
                    Silent = row.GetInt32(4),
                    Bytes = CatalogFolder.Bytes(_database.Folder, Header.VectorFile),
                    Segments = Header.VectorRows > 0 ? 1 : 0,
                    Dead = Math.Max(0, Header.VectorRows - row.GetInt32(0)),
                };
            });
    }

    private SortedDictionary<Stem, int> CountStems()
    {
        var counts = new SortedDictionary<Stem, int>(Stem.Roles.ToDictionary(stem => stem, _ => 0));
        using SqliteCommand command = _database.Command("SELECT stem, count(*) FROM entry WHERE stem IS NOT NULL GROUP BY stem");
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            counts[Stem.Parse(row.GetString(0))] = row.GetInt32(1);
        return counts;
    }

    public void Dispose() => Gate.Leave();

    private void Release()
    {
        _watch.Dispose();
        _database.Dispose();
        _vectors?.Dispose();
    }

    private static (DateTime, DateTime, long) Stamp(string folder)
    {
        var file = new FileInfo(CatalogFolder.Database(folder));
        return (file.CreationTimeUtc, file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
    }
}
