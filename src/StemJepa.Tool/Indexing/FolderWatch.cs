using System.Text.Json.Serialization;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Catalogs;

namespace StemJepa.Tool.Indexing;

/// <summary>
/// Keeps a catalogue up to date with a folder. Events of the file system only wake it up: what has changed it finds by looking, so that
/// nothing is lost when events are. A file counts once its length and time have not changed for a while, and so does its absence.
/// </summary>
/// <param name="root">The folder, by its full path.</param>
/// <param name="shard">The share of its files that counts.</param>
/// <param name="indexer">Writes what has changed.</param>
/// <param name="report">Receives each change after it has been written.</param>
internal sealed class FolderWatch(string root, Shard shard, LibraryIndexer indexer, Action<FolderChange> report)
{
    /// <summary>How long it looks again even if no event has come: they get lost, on network file systems for example.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How long it waits between looks while something is not settled yet.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, Stamp> _known = [];
    private readonly Dictionary<string, (Stamp? Stamp, DateTime Since)> _unsettled = [];

    /// <summary>How long a file must stay as it is.</summary>
    public TimeSpan SettledAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The files that are in the folder now; they count as indexed.</summary>
    public IReadOnlyList<string> Begin()
    {
        foreach ((string path, Stamp stamp) in Look())
            _known[path] = stamp;
        return [.. _known.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Follows the folder until it is cancelled.</summary>
    /// <param name="catalog">The catalogue: recordings in it whose files are gone already are removed first.</param>
    /// <param name="cancellationToken">Ends it, with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="StemJepaException">The catalogue cannot be written, or is damaged.</exception>
    public void Run(ICatalog catalog, CancellationToken cancellationToken)
    {
        using var woken = new AutoResetEvent(initialState: false);
        using FileSystemWatcher watcher = Watch(woken);
        foreach (string id in catalog.IdsFrom(Path.Join(root, "/")).Where(id => shard.Holds(Path.GetRelativePath(root, id))))
            _known.TryAdd(id, default);
        while (true)
        {
            Follow();
            WaitHandle.WaitAny([woken, cancellationToken.WaitHandle], _unsettled.Count > 0 ? Pause : Patience);
            cancellationToken.ThrowIfCancellationRequested();
            if (_unsettled.Count == 0)
                cancellationToken.WaitHandle.WaitOne(Pause);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A folder that is gone altogether, such as a drive that was taken out, empties no catalogue.</summary>
    private void Follow()
    {
        if (!Directory.Exists(root))
            return;
        Dictionary<string, Stamp> now = Look();
        string[] changed = [.. now.Where(file => !_known.TryGetValue(file.Key, out Stamp known) || known != file.Value)
            .Select(file => file.Key)];
        string[] gone = [.. _known.Keys.Where(path => !now.ContainsKey(path))];
        foreach (string path in _unsettled.Keys.Except(changed).Except(gone).ToArray())
            _unsettled.Remove(path);
        string[] settledFiles = [.. changed.Where(path => IsSettled(path, now[path])).Order(StringComparer.Ordinal)];
        string[] settledGone = [.. gone.Where(path => IsSettled(path, null)).Order(StringComparer.Ordinal)];
        if (settledFiles.Length + settledGone.Length == 0)
            return;
        foreach (FolderChange change in indexer.Follow(settledFiles, settledGone))
            report(change);
        foreach (string path in settledFiles)
            _known[path] = now[path];
        foreach (string path in settledGone)
            _known.Remove(path);
        foreach (string path in settledFiles.Concat(settledGone))
            _unsettled.Remove(path);
    }

    private bool IsSettled(string path, Stamp? stamp)
    {
        if (_unsettled.TryGetValue(path, out var before) && before.Stamp == stamp)
            return DateTime.UtcNow - before.Since >= SettledAfter;
        _unsettled[path] = (stamp, DateTime.UtcNow);
        return false;
    }

    private Dictionary<string, Stamp> Look()
    {
        var files = new Dictionary<string, Stamp>(StringComparer.Ordinal);
        try
        {
            foreach (string path in RecordingFiles.In(root).Where(path => shard.Holds(Path.GetRelativePath(root, path))))
            {
                var file = new FileInfo(path);
                if (file.Exists)
                    files[path] = new Stamp(file.Length, file.LastWriteTimeUtc);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A folder went while it was looked through: the next look sees what is left, and until then nothing is gone.
            foreach ((string path, Stamp stamp) in _known)
                files.TryAdd(path, stamp);
        }
        return files;
    }

    private FileSystemWatcher Watch(AutoResetEvent woken)
    {
        var watcher = new FileSystemWatcher(root) { IncludeSubdirectories = true };
        watcher.Changed += (_, _) => woken.Set();
        watcher.Created += (_, _) => woken.Set();
        watcher.Deleted += (_, _) => woken.Set();
        watcher.Renamed += (_, _) => woken.Set();
        watcher.Error += (_, _) => woken.Set();
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private readonly record struct Stamp(long Length, DateTime Written);
}

/// <summary>One line of <c>stemjepa index --watch</c>.</summary>
/// <param name="Change">Added, changed, moved, removed or skipped.</param>
/// <param name="File">The file.</param>
internal sealed record FolderChange(string Change, string File)
{
    public const string Added = "added", Changed = "changed", Moved = "moved", Removed = "removed", Skipped = "skipped";

    /// <summary>Where the file was before; null unless it was moved.</summary>
    public string? From { get; init; }

    /// <summary>Why it cannot be used; null unless it was skipped.</summary>
    public string? Error { get; init; }

    public string ToLine() => this switch
    {
        { From: { } from } => $"{Change} {from} to {File}",
        { Error: { } error } => $"{Change} {File}: {Warnings.WithoutPath(new SkippedFile(File, error))}",
        _ => $"{Change} {File}",
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FolderChange))]
internal sealed partial class FolderChangeJson : JsonSerializerContext;
