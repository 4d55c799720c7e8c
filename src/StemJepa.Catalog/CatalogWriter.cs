using Microsoft.Data.Sqlite;

namespace StemJepa;

/// <summary>
/// Adds, replaces and removes recordings of a catalogue. Changes are gathered in memory; <see cref="Commit"/> writes them, all of them or
/// none, and once it has returned they outlast a kill of the process. A catalogue has one writer at a time, in any process, and any number
/// of readers. Not thread-safe.
/// </summary>
public sealed class CatalogWriter : IDisposable
{
    /// <summary>Rows without entries that are left in any case; beyond it, as many as there are entries.</summary>
    internal const int LeastDead = 1024;

    private const int MostLooks = 20;

    private readonly CatalogDatabase _database;
    private readonly TimeSpan _patience;
    private readonly CancellationToken _cancellationToken;
    private readonly VectorLayout _layout;

    /// <summary>By id; null where a recording is removed.</summary>
    private readonly Dictionary<string, Change?> _changes = new(StringComparer.Ordinal);
    private long _sets;

    private sealed record Change(long Order, CatalogEntry Entry, byte[] Vector);

    private CatalogWriter(CatalogDatabase database, StemCatalog catalog, TimeSpan patience, CancellationToken cancellationToken) =>
        (_database, Catalog, _patience, _cancellationToken, _layout) =
            (database, catalog, patience, cancellationToken, catalog.Current.Header.Layout);

    /// <summary>The committed state, for reading; it follows each <see cref="Commit"/>, and is disposed of with the writer.</summary>
    public StemCatalog Catalog { get; }

    /// <summary>Whether changes wait to be committed.</summary>
    public bool HasChanges => _changes.Count > 0;

    /// <summary>Opens a catalogue for writing; makes it, and its folder, if there is none.</summary>
    /// <param name="folder">The catalogue's folder, which is made if it does not exist; a new one must be empty.</param>
    /// <param name="model">The model whose embeddings it holds.</param>
    /// <param name="precision">
    /// How values are kept; null: as the catalogue does, and a new one in <see cref="CatalogPrecision.Single"/>.
    /// </param>
    /// <param name="patience">How long to wait for another writer to end; without it, not at all.</param>
    /// <param name="cancellationToken">Ends the waiting at once; a catalogue that nobody else writes is opened all the same.</param>
    /// <exception cref="StemJepaException">
    /// Another program writes the catalogue, it is damaged, it has another precision or another model's embeddings, or the folder holds
    /// other files or cannot be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">Waiting was cancelled.</exception>
    public static CatalogWriter Open(string folder, ModelInfo model, CatalogPrecision? precision = null, TimeSpan patience = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(model);
        var identity = ModelIdentity.From(model);
        CatalogFolder.Make(folder, identity, precision ?? CatalogPrecision.Single, patience, cancellationToken);
        CatalogDatabase database = CatalogDatabase.OpenToWrite(folder, patience, cancellationToken);
        StemCatalog? catalog = null;
        try
        {
            catalog = StemCatalog.Open(folder);
            CatalogHeader header = catalog.Current.Header;
            RequireSame(folder, CatalogHeader.Read(database).CommitId == header.CommitId);
            header.Model.Require(identity, folder);
            if (precision is { } wanted && wanted != header.Precision)
                throw new StemJepaException(
                    $"{folder} keeps its values as {header.Precision}, not {wanted}: leave the precision open, or make another "
                    + "catalogue in another folder.");
            CatalogFolder.DeleteUnused(folder, header.VectorFile);
            return new CatalogWriter(database, catalog, patience, cancellationToken);
        }
        catch
        {
            catalog?.Dispose();
            database.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Deletes a catalogue, damaged or not; other files of the folder, and the file <c>lock</c>, stay. Readers that have it open keep their
    /// state until they refresh. A kill leaves either the whole catalogue, or none and files that the next writer deletes.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="patience">How long to wait for a writer to end; without it, not at all.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StemJepaException">Another program writes the catalogue, or its folder is not writable.</exception>
    public static bool Delete(string folder, TimeSpan patience = default) =>
        StemCatalog.Exists(folder) && CatalogFolder.Delete(folder, patience);

    /// <summary>Adds a recording, or replaces the one of the same id.</summary>
    /// <exception cref="ArgumentException">A member of the entry is out of its range.</exception>
    /// <exception cref="StemJepaException">The embedding has another length than the model's, or is another model's.</exception>
    public void Set(CatalogEntry entry, StemEmbedding embedding)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(embedding);
        Catalog.Current.Header.Model.Require(embedding, $"The embedding of '{entry.Id}'", Catalog.Folder);
        EntryCheck.Require(entry);
        _changes[entry.Id] = new Change(_sets++, entry with { Tags = [.. entry.Tags] }, _layout.Encode(embedding.Direction));
    }

    /// <summary>Removes a recording.</summary>
    /// <returns>Whether there was one of this id.</returns>
    /// <exception cref="StemJepaException">The catalogue is damaged.</exception>
    public bool Remove(string id)
    {
        bool isCommitted = Catalog.TryGet(id, out _), isChanged = _changes.TryGetValue(id, out Change? change);
        if (isCommitted)
            _changes[id] = null;
        else
            _changes.Remove(id);
        return isChanged ? change is not null : isCommitted;
    }

    /// <summary>
    /// Makes the changes since the last commit lasting and visible to readers, all at once; does nothing if there are none. Once more than
    /// half of the vectors are of recordings that were replaced or removed, it writes the others anew.
    /// </summary>
    /// <exception cref="StemJepaException">
    /// The folder cannot be written, or is damaged; nothing has changed then, and another <see cref="Commit"/> tries again. Or the folder
    /// was replaced meanwhile; then what was written went with it.
    /// </exception>
    public void Commit()
    {
        if (HasChanges)
            Write(compact: false);
    }

    /// <summary>Commits, and writes all vectors anew without those of recordings that were replaced and removed.</summary>
    /// <exception cref="StemJepaException">As for <see cref="Commit"/>.</exception>
    public void Compact()
    {
        if (HasChanges || Catalog.Current.Header.VectorRows > Catalog.Count)
            Write(compact: true);
    }

    /// <summary>Ends writing. Changes that were not committed are dropped.</summary>
    public void Dispose()
    {
        Catalog.Dispose();
        _database.Dispose();
    }

    private static void RequireSame(string folder, bool isSame)
    {
        if (!isSame)
            throw new StemJepaException(
                $"{folder} was replaced or restored while it was written: open it again, and add again what was added since.");
    }

    private void Write(bool compact)
    {
        if (!_database.IsLocked)
            _database.Lock(_patience, _cancellationToken);
        long generation;
        try
        {
            generation = Apply(compact);
            _database.Execute("COMMIT");
        }
        catch
        {
            if (_database.IsLocked)
                _database.Execute("ROLLBACK");
            _database.TryLock();
            throw;
        }
        RequireWritten(generation);
        _changes.Clear();
        // With nobody reading from the log it is emptied, if there is room, or else another time; the second reload lets go of it.
        _database.Try("PRAGMA wal_checkpoint(PASSIVE)");
        Catalog.Reload();
        // Another writer may have been waiting; then this one waits for its turn in the next commit.
        if (_database.TryLock())
            CatalogFolder.DeleteUnused(Catalog.Folder, CatalogHeader.Read(_database).VectorFile);
    }

    /// <summary>
    /// By the path, and so what readers will find: another folder may have been put there, or the files deleted. Another writer may commit
    /// between the two looks at the same files; then both are taken again.
    /// </summary>
    private void RequireWritten(long generation)
    {
        for (int look = 1; ; look++)
        {
            string written = CatalogHeader.Read(_database).CommitId;
            Catalog.Reload();
            CatalogHeader found = Catalog.Current.Header;
            if (found.Generation >= generation && found.CommitId == written)
                return;
            RequireSame(Catalog.Folder, look < MostLooks);
        }
    }

    /// <summary>Makes the changes in the open transaction, after writing their vectors; returns the generation.</summary>
    private long Apply(bool compact) => _database.Guard(() =>
    {
        CatalogHeader header = CatalogHeader.Read(_database);
        string folder = Catalog.Folder;
        using (CatalogDatabase found = CatalogDatabase.OpenToRead(folder))
            RequireSame(folder, CatalogHeader.Read(found).CommitId == header.CommitId);
        DeleteReplaced();
        Change[] added = [.. _changes.Values.OfType<Change>().OrderBy(change => change.Order)];
        int live = (int)_database.Number("SELECT count(*) FROM entry"), first = header.VectorRows;
        if (live > first)
            throw new FormatException("it has entries without vectors");
        long file = header.VectorFile;
        IEnumerable<byte[]> rows = added.Select(change => change.Vector);
        if (first == 0 || compact || first - live > Math.Max(LeastDead, live + added.Length))
        {
            (first, file) = (live, file + 1);
            rows = header.VectorRows == 0 ? rows : Moved(header).Concat(rows);
        }
        if (first + added.Length > 0)
            VectorFile.Append(folder, header, file, file == header.VectorFile ? first : 0, rows);
        EntryRows.Insert(_database, first, added.Select(change => (change.Entry, _layout.Checksum(change.Vector))));
        _database.Execute("UPDATE catalog SET commit_id = lower(hex(randomblob(16))), generation = generation + 1, vector_file = @0, "
            + "vector_rows = @1", file, first + added.Length);
        return header.Generation + 1;
    });

    private void DeleteReplaced()
    {
        using SqliteCommand tags = _database.Command("DELETE FROM tag WHERE entry = (SELECT number FROM entry WHERE id = @0)", "");
        using SqliteCommand entries = _database.Command("DELETE FROM entry WHERE id = @0", "");
        foreach (string id in _changes.Keys)
        {
            CatalogDatabase.Run(tags, id);
            CatalogDatabase.Run(entries, id);
        }
    }

    /// <summary>The rows of the entries that are left, in their order, checked; each is given its new place as it is read.</summary>
    private IEnumerable<byte[]> Moved(CatalogHeader header)
    {
        RowTable rows = RowTable.Load(_database, header);
        using var file = new VectorFile(Catalog.Folder, header);
        using SqliteCommand move = _database.Command("UPDATE entry SET vector = @0 WHERE number = @1", 0, 0);
        int next = 0;
        for (int row = 0; row < header.VectorRows; row++)
        {
            if (!rows.Live[row])
                continue;
            CatalogDatabase.Run(move, next++, rows.Numbers[row]);
            yield return file.Row(row, rows.Checksums[row]);
        }
    }
}
