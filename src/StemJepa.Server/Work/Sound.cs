using StemJepa.Server.Uploads;

namespace StemJepa.Server.Work;

/// <summary>A recording that a request names: an upload, a recording of the catalogue, or a file of the user of an MCP server.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Path">Its file.</param>
internal sealed record Sound(string Name, string Path)
{
    /// <summary>The upload that it is, if it is one: keeps what was computed of it.</summary>
    public Upload? Upload { get; init; }

    /// <summary>The recording of the catalogue that it is, if it is one.</summary>
    public CatalogEntry? Entry { get; init; }

    /// <summary>What its name and tags say.</summary>
    public NameHints Hints => NameHints.FromPath(Name).With(AudioFile.ReadTags(Path));

    public static Sound From(Upload upload) => new(upload.Name, upload.Path) { Upload = upload };

    /// <exception cref="RequestException">The file is gone, or is none that may be read: status 404.</exception>
    public static Sound From(CatalogEntry entry)
    {
        string path = CataloguedFile.Require(entry);
        return new Sound(System.IO.Path.GetFileName(path), path) { Entry = entry };
    }

    /// <summary>A file that the user of this machine names.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public static Sound FromFile(string path) => File.Exists(path)
        ? new Sound(path, System.IO.Path.GetFullPath(path))
        : throw RequestException.NotFound($"'{path}' does not exist; give the path of a recording, such as a WAV file.");

    /// <summary>Opens it, reads it with <paramref name="read"/>, and lets errors call it by its name.</summary>
    /// <exception cref="StemJepaException">It cannot be used.</exception>
    /// <exception cref="RequestException">It is too long: status 413.</exception>
    public T Read<T>(double maximumSeconds, Func<LimitedReader, T> read, CancellationToken cancellationToken)
    {
        try
        {
            RegularFile.Require(Path);
            using var reader = new LimitedReader(AudioFile.Open(Path, cancellationToken: cancellationToken), maximumSeconds, Name);
            return read(reader);
        }
        catch (StemJepaException error) when (error.Message.Contains(Path, StringComparison.Ordinal))
        {
            throw new StemJepaException(error.Message.Replace(Path, Name, StringComparison.Ordinal), error, error.Kind);
        }
    }
}
