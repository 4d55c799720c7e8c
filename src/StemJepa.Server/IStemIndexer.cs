namespace StemJepa.Server;

/// <summary>
/// Adds the recordings of folders to the catalogue that is searched. Where the container has one, folders can be indexed from the page,
/// over HTTP and over MCP; without one they cannot. The server never runs two calls at once.
/// </summary>
public interface IStemIndexer
{
    /// <summary>Indexes the recordings in and below a folder; those that have not changed since are not read again.</summary>
    /// <param name="folder">The folder, as the user gave it.</param>
    /// <param name="progress">Receives how far it is.</param>
    /// <param name="cancellationToken">Ends it early; what was done is kept.</param>
    /// <exception cref="StemJepaException">The folder cannot be used, or the catalogue cannot be written.</exception>
    Task<StemIndexReport> IndexAsync(string folder, IProgress<StemIndexProgress> progress, CancellationToken cancellationToken);
}

/// <summary>How far an <see cref="IStemIndexer"/> is.</summary>
/// <param name="Done">Recordings that are done.</param>
/// <param name="Total">All recordings of the folder.</param>
public sealed record StemIndexProgress(int Done, int Total);

/// <summary>What an <see cref="IStemIndexer"/> did.</summary>
/// <param name="Indexed">Recordings that were embedded.</param>
/// <param name="Unchanged">Recordings that the catalogue had already.</param>
/// <param name="Recordings">Recordings in the catalogue now.</param>
/// <param name="Skipped">Files that cannot be used.</param>
public sealed record StemIndexReport(int Indexed, int Unchanged, int Recordings, IReadOnlyList<SkippedRecording> Skipped);

/// <summary>A file that cannot be used.</summary>
/// <param name="File">Its name or path, as given.</param>
/// <param name="Error">One sentence that says why.</param>
public sealed record SkippedRecording(string File, string Error);
