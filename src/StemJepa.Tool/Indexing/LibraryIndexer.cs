using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using StemJepa.Tool.Output;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Catalogs;

namespace StemJepa.Tool.Indexing;

/// <summary>
/// Brings a catalogue up to date with files. Embeddings are written every half minute; several processes can fill one catalogue.
/// </summary>
/// <param name="model">Embeds the files.</param>
/// <param name="catalog">The catalogue.</param>
/// <param name="givenStem">What all of them are; null to go by analysis and names.</param>
/// <param name="cancellationToken">Ends the work; what was done is kept.</param>
/// <param name="analyzer">Analyses each file in the pass that embeds it; null for names alone.</param>
internal sealed class LibraryIndexer(IStemAffinity model, ICatalog catalog, Stem? givenStem, CancellationToken cancellationToken,
    StemAnalyzer? analyzer = null)
{
    private const int MostUncommitted = 256;
    private static readonly TimeSpan LongestUncommitted = TimeSpan.FromSeconds(30);

    private readonly List<(CatalogEntry Entry, StemEmbedding Embedding)> _uncommitted = [];
    private readonly List<string> _removed = [];
    private readonly List<EmbeddedRecording> _overdriven = [];
    private readonly byte[] _block = new byte[1 << 20];
    private readonly Stopwatch _sinceCommit = Stopwatch.StartNew();

    /// <summary>Recordings far beyond full scale among those that were embedded.</summary>
    public IReadOnlyList<EmbeddedRecording> Overdriven => _overdriven;

    /// <summary>
    /// Indexes files, by their full paths. Those that cannot be used are set aside; when interrupted, what was done is kept.
    /// </summary>
    /// <exception cref="StemJepaException">The catalogue cannot be written, or is damaged.</exception>
    public IndexReport Run(IReadOnlyList<string> files, WorkProgress progress)
    {
        try
        {
            List<(string Path, CatalogEntry Entry)> changed = FindChanged(files, progress);
            IReadOnlyList<SkippedFile> skipped = Index(changed, progress);
            int recordings = Commit();
            return new IndexReport(catalog.Place, changed.Count - skipped.Count, files.Count - changed.Count, recordings, skipped);
        }
        catch (OperationCanceledException)
        {
            Commit();
            throw;
        }
    }

    /// <summary>
    /// Follows changes of a folder: indexes files that are new or have changed, takes over what is known of those that were moved, and
    /// removes recordings whose files are gone. Whatever ends it early, what was done is kept.
    /// </summary>
    /// <exception cref="StemJepaException">The catalogue cannot be written, or is damaged.</exception>
    public IReadOnlyList<FolderChange> Follow(IReadOnlyList<string> files, IReadOnlyList<string> gone)
    {
        var changes = new List<FolderChange>();
        Dictionary<string, CatalogEntry> lost = [];
        foreach (string path in gone)
        {
            if (catalog.TryGet(path, out CatalogEntry? entry))
                lost[path] = entry;
        }
        try
        {
            List<(string Path, CatalogEntry Entry)> changed = [];
            foreach ((string path, CatalogEntry entry) in FindChanged(files, new WorkProgress(null)))
            {
                CatalogEntry? old = lost.Values.FirstOrDefault(old => old.ContentHash is not null
                    && old.ContentHash == entry.ContentHash && (analyzer is null || old.Detected is not null));
                if (old is null || !catalog.TryGetEmbedding(old.Id, out StemEmbedding? embedding))
                {
                    changed.Add((path, entry));
                    continue;
                }
                Add(RecordingFacts.Resolve(old with { Id = path, Path = path, Named = entry.Named, Tags = entry.Tags }, givenStem),
                    embedding);
                lost.Remove(old.Id);
                _removed.Add(old.Id);
                changes.Add(new FolderChange(FolderChange.Moved, path) { From = old.Id });
            }
            HashSet<string> known = [.. changed.Select(file => file.Path).Where(path => catalog.TryGet(path, out _))];
            IReadOnlyList<SkippedFile> skipped = Index(changed, new WorkProgress(null));
            changes.AddRange(skipped.Select(file => new FolderChange(FolderChange.Skipped, file.File) { Error = file.Error }));
            changes.AddRange(changed.Select(file => file.Path).Except(skipped.Select(file => file.File))
                .Select(path => new FolderChange(known.Contains(path) ? FolderChange.Changed : FolderChange.Added, path)));
            _removed.AddRange(lost.Keys);
            changes.AddRange(lost.Keys.Select(path => new FolderChange(FolderChange.Removed, path)));
            if (changes.Count > 0)
                Commit();
            return changes;
        }
        catch (OperationCanceledException)
        {
            Commit();
            throw;
        }
    }

    /// <summary>Embeds files, and analyses them where that is asked for; returns those that cannot be used.</summary>
    private IReadOnlyList<SkippedFile> Index(List<(string Path, CatalogEntry Entry)> files, WorkProgress progress) =>
        Read([.. files.Select(file => file.Path)], progress, (index, embedding, analysis) =>
        {
            (string path, CatalogEntry entry) = files[index];
            if (embedding.IsBeyondFullScale)
                _overdriven.Add(new EmbeddedRecording(path, embedding));
            entry = entry with
            {
                Seconds = embedding.Duration?.TotalSeconds,
                IsSilent = embedding.IsSilent,
                Detected = RecordingFacts.From(analysis),
            };
            try
            {
                Add(RecordingFacts.Resolve(entry, givenStem), embedding);
            }
            catch (Exception exception)
            {
                throw new BatchFailure(exception);
            }
        });

    /// <summary>Files that the catalogue does not hold in their present state, with what their names and tags say.</summary>
    private List<(string Path, CatalogEntry Entry)> FindChanged(IReadOnlyList<string> files, WorkProgress progress)
    {
        var changed = new List<(string, CatalogEntry)>();
        foreach (string file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CatalogEntry entry = RecordingFacts.FromFile(file) with { ContentHash = HashOf(file) };
            if (entry.ContentHash is null || !catalog.TryGet(entry.Id, out CatalogEntry? before) || before.ContentHash != entry.ContentHash
                || (analyzer is not null && before.Detected is null))
            {
                changed.Add((file, entry));
                continue;
            }
            CatalogEntry now = RecordingFacts.Resolve(before with { Named = entry.Named, Tags = entry.Tags }, givenStem);
            if (((now.Stem, now.Tempo, now.Key, now.Named) != (before.Stem, before.Tempo, before.Key, before.Named)
                || !now.Tags.SequenceEqual(before.Tags)) && catalog.TryGetEmbedding(entry.Id, out StemEmbedding? embedding))
                Add(now, embedding);
            progress.CompleteItem();
        }
        return changed;
    }

    private IReadOnlyList<SkippedFile> Read(
        IReadOnlyList<string> paths, WorkProgress progress, Action<int, StemEmbedding, StemAnalysis?> read)
    {
        var embedder = new FileEmbedder(model, cancellationToken, analyzer) { Named = [] };
        return analyzer is null
            ? embedder.EmbedEach(paths, progress, (index, recording) => read(index, recording.Embedding, null))
            : embedder.AnalyzeEach(paths, progress, (index, analysis) => read(index, analysis.Embedding, analysis));
    }

    /// <summary>Null if it is no regular file or cannot be read; reading it as audio says why.</summary>
    private string? HashOf(string file)
    {
        if (RegularFile.TryGetLength(file) is not { } left)
            return null;
        try
        {
            using FileStream content = File.OpenRead(file);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int read = 1; read > 0 && left > 0; left -= read)
            {
                cancellationToken.ThrowIfCancellationRequested();
                read = content.Read(_block, 0, (int)Math.Min(_block.Length, left));
                hash.AppendData(_block, 0, read);
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Add(CatalogEntry entry, StemEmbedding embedding)
    {
        _uncommitted.Add((entry, embedding));
        if (_uncommitted.Count >= MostUncommitted || _sinceCommit.Elapsed >= LongestUncommitted)
            Commit();
    }

    /// <summary>Returns how many recordings the catalogue holds then.</summary>
    private int Commit()
    {
        int recordings = catalog.Write(_uncommitted, _removed);
        _uncommitted.Clear();
        _removed.Clear();
        _sinceCommit.Restart();
        return recordings;
    }
}

/// <summary>The JSON document of <c>stemjepa index --json</c>.</summary>
/// <param name="Catalog">The catalogue, as given; without user and password.</param>
/// <param name="Indexed">Recordings that were embedded.</param>
/// <param name="Unchanged">Recordings that the catalogue had already.</param>
/// <param name="Recordings">Recordings in the catalogue now.</param>
/// <param name="Skipped">The files that could not be read.</param>
internal sealed record IndexReport(
    [property: JsonPropertyName("catalogue")] string Catalog, int Indexed, int Unchanged, int Recordings,
    IReadOnlyList<SkippedFile> Skipped);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(IndexReport))]
internal sealed partial class IndexJson : JsonSerializerContext;

/// <summary>The same on one line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IndexReport))]
internal sealed partial class IndexLineJson : JsonSerializerContext;
