namespace StemJepa.Tool.Audio;

/// <summary>Opens recordings by path: WAV by the library itself, other formats through <c>ffmpeg</c>.</summary>
internal static class AudioFile
{
    private static readonly HashSet<string> WavExtensions = new(StringComparer.OrdinalIgnoreCase) { ".wav", ".wave" };

    /// <summary>What a folder is searched for. <c>.mp4</c> is Native Instruments' <c>.stem.mp4</c>, whose first audio stream is the mixture.</summary>
    private static readonly HashSet<string> FfmpegExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".mp4", ".aif", ".aiff", ".aifc",
    };

    /// <summary>Whether the name is one of a recording.</summary>
    public static bool HasAudioExtension(string path)
    {
        string extension = Path.GetExtension(path);
        return WavExtensions.Contains(extension) || FfmpegExtensions.Contains(extension);
    }

    /// <summary>Refuses a path that is a folder or nothing at all, before any work is done.</summary>
    /// <param name="path">What the user gave.</param>
    /// <param name="argument">The argument's name in the usage.</param>
    /// <exception cref="UsageException">There is no file at this path.</exception>
    public static void Require(string path, string argument)
    {
        if (Directory.Exists(path))
            throw new UsageException($"{argument} '{path}' is a folder; give one recording, such as a WAV file.");
        if (!File.Exists(path))
            throw new UsageException($"{argument} '{path}' does not exist; give the path of a recording, such as a WAV file.");
    }

    /// <summary>Opens a recording for reading once. Memory does not grow with its length.</summary>
    /// <param name="path">A file.</param>
    /// <param name="progress">Told the fraction that has been read, 0..1, where the format says the length beforehand.</param>
    /// <param name="stream">Which audio stream of a file that <c>ffmpeg</c> decodes, from 0.</param>
    /// <param name="cancellationToken">Ends a decoding <c>ffmpeg</c>.</param>
    /// <exception cref="StemJepaException">The file cannot be read as audio, or <c>ffmpeg</c> is missing.</exception>
    public static Recording Open(string path, Action<double>? progress = null, int stream = 0, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(path))
            throw new StemJepaException($"{path}: there is no such file; give the path of a recording.");
        if (new FileInfo(path).Length == 0)
            throw new StemJepaException($"{path}: the file is empty; export the recording again.");
        if (!WavExtensions.Contains(Path.GetExtension(path)) && !StartsAsWav(path))
            return new Recording(FfmpegReader.Open(path, stream, cancellationToken), path, null, null);
        WavReader reader = WavReader.Open(path);
        if (!reader.IsTruncated)
            return new Recording(reader, path, reader.Length, progress);
        reader.Dispose();
        throw new StemJepaException($"{path}: is cut off, its header promises more audio than the file holds; copy or export it again.");
    }

    private static bool StartsAsWav(string path)
    {
        Span<byte> magic = stackalloc byte[4];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length
            && (magic.SequenceEqual("RIFF"u8) || magic.SequenceEqual("RF64"u8) || magic.SequenceEqual("BW64"u8));
    }
}
