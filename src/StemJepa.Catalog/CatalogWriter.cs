namespace StemJepa;

/// <summary>
/// Adds, replaces and removes recordings of a catalogue. Changes are gathered in memory; <see cref="Commit"/> writes them, all of them or
/// none, and once it has returned they outlast a kill of the process. A catalogue has one writer at a time, in any process, and any number
/// of readers. Not thread-safe.
/// </summary>
public sealed class CatalogWriter : IDisposable
{
    /// <summary>Segments of about the same size that are left unmerged; more would slow down opening and finding ids.</summary>
    private const int SegmentsOfOneSize = 7;

    /// <summary>Dead rows are cleared out when they are more than this many and a quarter of the living ones.</summary>
    private const int ToleratedDead = 1024;

    private readonly FileStream _lock;
    private readonly PendingRows _pending;
    private readonly Dictionary<long, HashSet<int>> _removed = [];

    private CatalogWriter(string folder, FileStream fileLock, ModelIdentity model, CatalogPrecision? precision)
    {
        _lock = fileLock;
        if (!File.Exists(CatalogFiles.Manifest(folder)))
            new CatalogManifest(model, precision ?? CatalogPrecision.Single, 1, 1, []).Write(folder);
        Catalog = StemCatalog.Open(folder);
        CatalogManifest manifest = Manifest;
        try
        {
            manifest.Model.Require(model, folder);
            if (precision is { } wanted && wanted != manifest.Precision)
            {
                throw new StemJepaException(
                    $"{folder} keeps its values as {manifest.Precision}, not {wanted}: leave the precision open, or make another "
                    + "catalogue in another folder.");
            }
            CatalogFiles.DeleteUnused(folder, manifest.Segments);
        }
        catch
        {
            Catalog.Dispose();
            throw;
        }
        _pending = new PendingRows(manifest.Precision, new SegmentLayout(manifest.Precision, manifest.Model.Length, 0, 0).Stride);
    }

    /// <summary>The committed state, for reading; it follows each <see cref="Commit"/>, and is disposed of with the writer.</summary>
    public StemCatalog Catalog { get; }

    /// <summary>Whether changes wait to be committed.</summary>
    public bool HasChanges => _pending.Count > 0 || _removed.Count > 0;

    /// <summary>Opens a catalogue for writing; makes it, and its folder, if there is none.</summary>
    /// <param name="folder">The catalogue's folder, which is made if it does not exist; a new one must be empty.</param>
    /// <param name="model">The model whose embeddings it holds.</param>
    /// <param name="precision">
    /// How values are kept; null: as the catalogue does, and a new one in <see cref="CatalogPrecision.Single"/>.
    /// </param>
    /// <param name="patience">How long to wait for another writer to end; without it, not at all.</param>
    /// <exception cref="StemJepaException">
    /// Another program writes the catalogue, it is damaged, it has another precision or another model's embeddings, or the folder holds
    /// other files or cannot be written.
    /// </exception>
    public static CatalogWriter Open(string folder, ModelInfo model, CatalogPrecision? precision = null, TimeSpan patience = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(model);
        MakeFolder(folder);
        FileStream fileLock = CatalogLock.Take(folder, patience);
        try
        {
            return new CatalogWriter(folder, fileLock, ModelIdentity.From(model), precision);
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Deletes a catalogue, damaged or not; other files of the folder, and the file of the lock that another writer may be waiting for,
    /// stay. Readers that have it open keep their state until they refresh. A kill leaves either the whole catalogue, or none and files
    /// that the next writer deletes.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="patience">How long to wait for a writer to end; without it, not at all.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StemJepaException">Another program writes the catalogue, or its folder is not writable.</exception>
    public static bool Delete(string folder, TimeSpan patience = default)
    {
        if (!StemCatalog.Exists(folder))
            return false;
        using FileStream fileLock = CatalogLock.Take(folder, patience);
        string manifest = CatalogFiles.Manifest(folder);
        if (!File.Exists(manifest))
            return false;
        try
        {
            File.Delete(manifest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{manifest} cannot be deleted ({error.Message.TrimEnd('.')}): close the programs that use it, or make the folder "
                + "writable.", error);
        }
        CatalogFiles.DeleteUnused(folder, []);
        return true;
    }

    /// <summary>Adds a recording, or replaces the one of the same id.</summary>
    /// <exception cref="ArgumentException">A member of the entry is out of its range.</exception>
    /// <exception cref="StemJepaException">The embedding has another length than the model's, or the catalogue is damaged.</exception>
    public void Set(CatalogEntry entry, StemEmbedding embedding)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(embedding);
        Manifest.Model.Require(embedding, $"The embedding of '{entry.Id}'", Catalog.Folder);
        (int Segment, int Row)? replaced = Find(entry.Id);
        _pending.Set(entry, embedding);
        RemoveCommitted(replaced);
    }

    /// <summary>Removes a recording.</summary>
    /// <returns>Whether there was one of this id.</returns>
    /// <exception cref="StemJepaException">The catalogue is damaged.</exception>
    public bool Remove(string id)
    {
        (int Segment, int Row)? removed = Find(id);
        return _pending.Remove(id) | RemoveCommitted(removed);
    }

    /// <summary>
    /// Makes the changes since the last commit lasting and visible to readers, all at once; does nothing if there are none.
    /// </summary>
    /// <exception cref="StemJepaException">
    /// The folder cannot be written, or is damaged; nothing has changed then, and another <see cref="Commit"/> tries again.
    /// </exception>
    public void Commit()
    {
        if (HasChanges)
            Write(FirstToMerge());
    }

    /// <summary>Commits, and writes the whole catalogue anew without the recordings that were replaced and removed.</summary>
    /// <exception cref="StemJepaException">As for <see cref="Commit"/>.</exception>
    public void Compact()
    {
        if (HasChanges || Manifest.Dead > 0 || Manifest.Segments.Count > 1)
            Write(0);
    }

    /// <summary>Ends writing. Changes that were not committed are dropped.</summary>
    public void Dispose()
    {
        Catalog.Dispose();
        _lock.Dispose();
    }

    private CatalogManifest Manifest => Catalog.Current.Manifest;

    private static void MakeFolder(string folder)
    {
        if (File.Exists(folder))
            throw new StemJepaException($"{folder} is a file: name a folder for the catalogue.");
        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(CatalogFiles.Manifest(folder))
                && Directory.EnumerateFileSystemEntries(folder)
                .FirstOrDefault(path => !CatalogFiles.IsOurs(Path.GetFileName(path))) is { } other)
                throw new StemJepaException(
                    $"{folder} holds other files ({Path.GetFileName(other)}) and no catalogue: name an empty folder, or one that does "
                    + "not exist yet.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{folder} cannot be made or read ({error.Message.TrimEnd('.')}): choose a place that is writable.",
                error);
        }
    }

    private (int Segment, int Row)? Find(string id) => Catalog.Current.Find(EntryCode.EncodeId(id));

    private bool RemoveCommitted((int Segment, int Row)? place)
    {
        if (place is not var (segment, row))
            return false;
        long number = Manifest.Segments[segment].Number;
        if (!_removed.TryGetValue(number, out HashSet<int>? rows))
            _removed.Add(number, rows = []);
        return rows.Add(row);
    }

    /// <summary>
    /// The first of the segments, which are in the order of their age, that is merged with the pending rows: those of the same order of
    /// magnitude, as soon as there are eight with the new one. So a row is written anew once for every factor of eight that the catalogue
    /// grows by.
    /// </summary>
    private int FirstToMerge()
    {
        CatalogManifest manifest = Manifest;
        int removed = _removed.Values.Sum(rows => rows.Count), live = manifest.Live - removed + _pending.Count;
        if (manifest.Dead + removed > Math.Max(ToleratedDead, live / 4))
            return 0;
        int first = manifest.Segments.Count;
        long merged = _pending.Count;
        while (_pending.Count > 0)
        {
            int candidate = first;
            long rows = merged;
            while (candidate > 0 && Magnitude(manifest.Segments[candidate - 1].Live) <= Magnitude(merged))
                rows += manifest.Segments[--candidate].Live;
            if (first - candidate < SegmentsOfOneSize)
                break;
            (first, merged) = (candidate, rows);
        }
        return first;
    }

    private static int Magnitude(long rows) => (63 - (int)long.LeadingZeroCount(Math.Max(1, rows))) / 3;

    /// <summary>
    /// Writes pending rows and the living rows of all segments from <paramref name="firstMerged"/> on as one segment, and the manifest that
    /// says so.
    /// </summary>
    private void Write(int firstMerged)
    {
        Snapshot snapshot = Catalog.Current;
        CatalogManifest manifest = snapshot.Manifest;
        var segments = new List<ManifestSegment>();
        var rows = new List<RowReference>();
        for (int i = 0; i < manifest.Segments.Count; i++)
        {
            ManifestSegment named = manifest.Segments[i];
            Segment segment = snapshot.Segments[i];
            HashSet<int> removed = _removed.GetValueOrDefault(named.Number) ?? [];
            if (i >= firstMerged)
                rows.AddRange(snapshot.LiveRows(i).Where(row => !removed.Contains(row)).Select(row => new RowReference(segment, row)));
            else if (removed.Count < named.Live)
                segments.Add(removed.Count == 0 ? named : named with { Dead = [.. named.Dead.Concat(removed).Order()] });
        }
        rows.AddRange(_pending.References());
        if (rows.Count > 0)
            segments.Add(SegmentWriter.Write(Catalog.Folder, manifest.NextSegment, manifest.Precision, manifest.Model.Length, rows));
        CatalogManifest next =
            manifest with { Generation = manifest.Generation + 1, NextSegment = manifest.NextSegment + 1, Segments = segments };
        next.Write(Catalog.Folder);
        _pending.Clear();
        _removed.Clear();
        Catalog.Refresh();
        CatalogFiles.DeleteUnused(Catalog.Folder, next.Segments);
    }
}
