using System.Collections.Concurrent;

namespace StemJepa.Server.Uploads;

/// <summary>A recording that a client sent, in a file of the server's own, and what was computed of it. Thread-safe.</summary>
internal sealed class Upload(string id, string name, string path, long bytes)
{
    private long _lastUsed;

    /// <summary><c>u</c> and 32 hexadecimal digits that nobody can guess.</summary>
    public string Id { get; } = id;

    /// <summary>The name of the file, as the client gave it; never used as a path.</summary>
    public string Name { get; } = name;

    public string Path { get; } = path;

    public long Bytes { get; } = bytes;

    /// <summary>Predictions of this recording as a mix, by the stem that it lacks.</summary>
    public ConcurrentDictionary<Stem, StemEmbedding> Predictions { get; } = new();

    public StemAnalysis? Analysis { get; set; }

    /// <summary>A timestamp of the store's clock.</summary>
    public long LastUsed
    {
        get => Interlocked.Read(ref _lastUsed);
        set => Interlocked.Exchange(ref _lastUsed, value);
    }
}
