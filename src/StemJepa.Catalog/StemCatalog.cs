using System.Diagnostics.CodeAnalysis;

namespace StemJepa;

/// <summary>
/// A catalogue of embedded recordings in a folder on disk, opened for reading: which of them fits a mix? Search is exact and compares every
/// recording (see <see cref="CatalogPrecision"/>). A reader reads one committed state until <see cref="Refresh"/>; a writer may write
/// meanwhile, in this process or another (<see cref="CatalogWriter"/>). All members are thread-safe; calls that are under way when the
/// catalogue is disposed of finish. The first search also verifies checksums, and so is slower than the following ones.
/// </summary>
public sealed class StemCatalog : IDisposable
{
    private const int SampleSeed = 1;

    private readonly Lock _refreshing = new();
    private Snapshot _snapshot;
    private volatile bool _isDisposed;

    private StemCatalog(string folder) => (Folder, _snapshot) = (folder, Snapshot.Load(folder));

    /// <summary>The catalogue's folder, as given.</summary>
    public string Folder { get; }

    /// <summary>How many recordings it holds.</summary>
    public int Count
    {
        get
        {
            using Snapshot snapshot = Enter();
            return snapshot.Count;
        }
    }

    /// <summary>
    /// The number of the committed state that is read: every commit adds one to it, and it changes here only when <see cref="Refresh"/> is
    /// called.
    /// </summary>
    public long Generation => Current.Header.Generation;

    /// <summary>The name of the model whose embeddings it holds.</summary>
    public string ModelName => Current.Header.Model.Name;

    /// <summary>Values in an embedding.</summary>
    public int EmbeddingLength => Current.Header.Model.Length;

    /// <summary>How the values are kept.</summary>
    public CatalogPrecision Precision => Current.Header.Precision;

    /// <summary>Whether a folder holds a catalogue, which may be of another version or damaged.</summary>
    public static bool Exists(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return File.Exists(CatalogFolder.Database(folder));
    }

    /// <summary>Opens a catalogue, in milliseconds however large it is.</summary>
    /// <param name="folder">The folder that a <see cref="CatalogWriter"/> made.</param>
    /// <param name="model">The model whose embeddings will be compared with the catalogue's; null where none will be.</param>
    /// <exception cref="StemJepaException">
    /// There is no catalogue in the folder, it is damaged, or it holds another model's embeddings.
    /// </exception>
    public static StemCatalog Open(string folder, ModelInfo? model = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var catalog = new StemCatalog(folder);
        try
        {
            if (model is not null)
                catalog.Current.Header.Model.Require(ModelIdentity.From(model), folder);
            return catalog;
        }
        catch
        {
            catalog.Dispose();
            throw;
        }
    }

    /// <summary>Moves on to the newest committed state.</summary>
    /// <returns>Whether anything has changed.</returns>
    /// <exception cref="StemJepaException">The catalogue is gone or damaged; the state before is kept.</exception>
    public bool Refresh()
    {
        lock (_refreshing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _snapshot.HasChanged() && Reload();
        }
    }

    /// <summary>Finds the recordings that fit best.</summary>
    /// <param name="prediction">
    /// What the mix lacks, from <see cref="IStemAffinity.Predict"/>; or any embedding, to find similar ones.
    /// </param>
    /// <param name="top">How many to return at most, at least 1.</param>
    /// <param name="filter">Which recordings count; null: all that are not silent.</param>
    /// <param name="cancellationToken">Ends a long search early.</param>
    /// <returns>The best, best first; at equal affinity, those that were added earlier first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is below 1.</exception>
    /// <exception cref="StemJepaException">
    /// The prediction has another length than the catalogue's embeddings, or the catalogue is damaged.
    /// </exception>
    public IReadOnlyList<CatalogMatch> Search(
        StemEmbedding prediction, int top = 10, CatalogFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        using Snapshot snapshot = Enter();
        snapshot.Header.Model.Require(prediction, "The prediction", Folder);
        return snapshot.Matches(snapshot.Search(prediction, top, snapshot.Select(filter), cancellationToken));
    }

    /// <summary>
    /// Draws recordings at random, whether they fit or not: with their affinities a caller can tell what an affinity means
    /// (<see cref="AffinityScale"/>). The same state of a catalogue always gives the same ones.
    /// </summary>
    /// <param name="prediction">As for <see cref="Search"/>.</param>
    /// <param name="count">How many to draw at most, at least 1.</param>
    /// <param name="filter">Which recordings count; null: all that are not silent.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The recordings, in the order in which they were added.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="StemJepaException">As for <see cref="Search"/>.</exception>
    public IReadOnlyList<CatalogMatch> Sample(
        StemEmbedding prediction, int count, CatalogFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using Snapshot snapshot = Enter();
        snapshot.Header.Model.Require(prediction, "The prediction", Folder);
        bool[] accepted = snapshot.Select(filter), drawn = new bool[accepted.Length];
        int[] rows = [.. Enumerable.Range(0, accepted.Length).Where(row => accepted[row])];
        new Random(SampleSeed).Shuffle(rows);
        foreach (int row in rows.Take(count))
            drawn[row] = true;
        return snapshot.Matches([.. snapshot.Search(prediction, count, drawn, cancellationToken).OrderBy(found => found.Row)]);
    }

    /// <summary>Finds the metadata of one recording.</summary>
    /// <exception cref="StemJepaException">The catalogue is damaged.</exception>
    public bool TryGet(string id, [NotNullWhen(true)] out CatalogEntry? entry)
    {
        EntryCheck.RequireId(id);
        using Snapshot snapshot = Enter();
        entry = snapshot.Find(id)?.Entry;
        return entry is not null;
    }

    /// <summary>
    /// Finds the embedding of one recording: layer-normed and of length 1, so that its similarities, and not its values, are those of the
    /// embedding that was added.
    /// </summary>
    /// <exception cref="StemJepaException">The catalogue is damaged.</exception>
    public bool TryGetEmbedding(string id, [NotNullWhen(true)] out StemEmbedding? embedding)
    {
        EntryCheck.RequireId(id);
        using Snapshot snapshot = Enter();
        embedding = snapshot.Find(id) is not { } found ? null : new StemEmbedding(snapshot.Direction(found),
            found.Entry.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, found.Entry.IsSilent, snapshot.Header.Model.Hash);
        return embedding is not null;
    }

    /// <summary>
    /// All recordings that pass a filter (null: all), in the order in which they were added; read one by one from one committed state.
    /// </summary>
    /// <exception cref="StemJepaException">The catalogue is damaged.</exception>
    public IEnumerable<CatalogEntry> Entries(CatalogFilter? filter = null)
    {
        var condition = new EntryCondition(filter ?? new CatalogFilter { IncludeSilent = true });
        using Snapshot snapshot = Enter();
        long after = long.MinValue;
        for (List<StoredRecording> page; (page = snapshot.Page(condition, after)).Count > 0; after = page[^1].Number)
        {
            foreach (StoredRecording recording in page)
                yield return recording.Entry;
        }
    }

    /// <summary>Counts what the catalogue holds.</summary>
    /// <exception cref="StemJepaException">The catalogue is damaged.</exception>
    public CatalogStatistics CountAll()
    {
        using Snapshot snapshot = Enter();
        return snapshot.CountAll();
    }

    /// <summary>Closes the catalogue, after the calls that are under way.</summary>
    public void Dispose()
    {
        lock (_refreshing)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _snapshot.Gate.Dispose();
        }
    }

    /// <summary>The state that is read now, for its header.</summary>
    internal Snapshot Current
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return Volatile.Read(ref _snapshot);
        }
    }

    /// <summary>Opens the newest state by its path, whatever has become of the state before.</summary>
    /// <returns>Whether it is another one.</returns>
    /// <exception cref="StemJepaException">The catalogue is gone or damaged; the state before is kept.</exception>
    internal bool Reload()
    {
        lock (_refreshing)
        {
            Snapshot before = _snapshot, after = Snapshot.Load(Folder, before);
            Volatile.Write(ref _snapshot, after);
            before.Gate.Dispose();
            return after.Header.CommitId != before.Header.CommitId;
        }
    }

    /// <summary>The state that is read now, which stays open until the caller disposes of it.</summary>
    private Snapshot Enter()
    {
        while (true)
        {
            Snapshot snapshot = Current;
            try
            {
                snapshot.Gate.Enter();
                return snapshot;
            }
            catch (ObjectDisposedException) when (!_isDisposed)
            {
                // Refresh has replaced this snapshot since.
            }
        }
    }
}
