namespace StemJepa.Server.Work;

/// <summary>The files of the catalogue's recordings, which are the only ones of the disk that clients are given.</summary>
internal static class CataloguedFile
{
    /// <summary>The path of a recording's file, links followed.</summary>
    /// <exception cref="RequestException">
    /// It has no path, the file is gone or not readable, or it is no regular file with the name of a recording: status 404.
    /// </exception>
    public static string Require(CatalogEntry entry)
    {
        string? path = entry.Path is { Length: > 0 } given && !given.Contains('\0') ? Path.GetFullPath(given) : null;
        if (path is null || !File.Exists(path))
            throw RequestException.NotFound($"The file of this recording is not at '{entry.Path}' any more; index its folder again.");
        string target = Final(path);
        if (!AudioFile.HasAudioExtension(target) || RegularFile.TryGetLength(target) is null)
            throw RequestException.NotFound($"'{entry.Path}' is no file of audio; index its folder again.");
        return target;
    }

    public static string MediaType(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".wav" or ".wave" => "audio/wav",
        ".mp3" => "audio/mpeg",
        ".flac" => "audio/flac",
        ".ogg" or ".oga" or ".opus" => "audio/ogg",
        ".m4a" or ".mp4" => "audio/mp4",
        ".aac" => "audio/aac",
        ".aif" or ".aiff" or ".aifc" => "audio/aiff",
        _ => "application/octet-stream",
    };

    private static string Final(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RequestException.NotFound($"'{path}' cannot be opened ({error.Message.TrimEnd('.')}); index its folder again.");
        }
    }
}
