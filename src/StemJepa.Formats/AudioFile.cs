namespace StemJepa;

/// <summary>
/// Opens audio files as mono recordings at their own sample rate, 8000..192000 Hz; channels are averaged. The first bytes choose the
/// decoder, not the file name: WAV (see <see cref="WavReader"/>), MP3 and Ogg Vorbis are decoded in process, every other format by
/// <c>ffmpeg</c>. Thread-safe; the readers are not.
/// </summary>
public static class AudioFile
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".wav", ".wave", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".mp4", ".aif", ".aiff", ".aifc",
    };

    /// <summary>
    /// Whether a file name has the extension of an audio format, such as <c>.wav</c> or <c>.mp3</c>; the file itself is not read.
    /// </summary>
    /// <param name="path">A path or a file name; it need not exist.</param>
    public static bool HasAudioExtension(string path) => Extensions.Contains(Path.GetExtension(path));

    /// <summary>
    /// Opens a recording for reading once. Memory does not grow with its length. Pipes work for WAV, MP3 and Ogg Vorbis, such as
    /// <c>/dev/stdin</c>. A truncated recording is an error: of a WAV file here, of the other formats when the reader reaches its end.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">
    /// Called with the fraction of the file that has been read, 0..1; never for formats that <c>ffmpeg</c> decodes.
    /// </param>
    /// <param name="track">
    /// The audio track of a file with several, such as <c>.stem.mp4</c>, from 0; WAV has one, whatever the number.
    /// </param>
    /// <param name="cancellationToken">Ends a decoding <c>ffmpeg</c>, and every wait for the other side of a pipe.</param>
    /// <exception cref="StemJepaException">
    /// The file is missing, empty, not readable as audio or truncated, or <c>ffmpeg</c> is needed and missing; from the reader: the
    /// recording is damaged, truncated or without samples, or has a sample that is not a finite number.
    /// </exception>
    public static AudioReader Open(
        string path, Action<double>? progress = null, int track = 0, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(track);
        Stream file = OpenFile(path, cancellationToken);
        try
        {
            Stream content = AudioContent.Identify(file, path, out AudioFormat format);
            if (format == AudioFormat.Unknown && IsNamedWav(path))
                format = AudioFormat.Wav; // Its errors say what is wrong with the header, and need no ffmpeg.
            if (format is AudioFormat.Mp3 or AudioFormat.OggVorbis && track > 0)
                format = AudioFormat.Unknown;
            if (format == AudioFormat.Playlist)
                throw new StemJepaException($"{path}: is a playlist, which names other files; give the recordings themselves.");
            if (format == AudioFormat.Unknown && content.CanSeek && AudioContent.IsCutOff(content))
                throw AudioContent.Truncated(path);
            if (format != AudioFormat.Unknown || !content.CanSeek)
                return new CheckedReader(Decode(content, path, format, leaveOpen: false), path, () => progress?.Invoke(FractionRead(file)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
        file.Dispose();
        return new CheckedReader(FfmpegReader.Open(path, track, cancellationToken), path, null);
    }

    /// <summary>Opens a WAV, MP3 or Ogg Vorbis stream, which need not be seekable and stays open.</summary>
    /// <param name="stream">A readable stream, at the first byte of the recording.</param>
    /// <param name="name">The name of the recording in error messages.</param>
    /// <exception cref="StemJepaException">The stream is of another format or damaged; from the reader: as for files.</exception>
    public static AudioReader Open(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        Stream content = AudioContent.Identify(stream, name, out AudioFormat format);
        return new CheckedReader(Decode(content, name, format, leaveOpen: true), name, null);
    }

    /// <summary>Reads a whole recording into memory.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="StemJepaException">
    /// As for <see cref="Open(string, Action{double}?, int, CancellationToken)"/>, or too long for memory.
    /// </exception>
    public static AudioClip Load(string path)
    {
        using AudioReader reader = Open(path);
        return Load(reader, path);
    }

    /// <summary>Reads a whole WAV, MP3 or Ogg Vorbis stream into memory; the stream stays open.</summary>
    /// <param name="stream">A readable stream, at the first byte of the recording.</param>
    /// <param name="name">The name of the recording in error messages.</param>
    /// <exception cref="StemJepaException">
    /// The stream is of another format, damaged, truncated, without samples, or too long for memory.
    /// </exception>
    public static AudioClip Load(Stream stream, string name)
    {
        using AudioReader reader = Open(stream, name);
        return Load(reader, name);
    }

    /// <summary>Reads a whole recording into memory with all its channels, such as stereo.</summary>
    /// <param name="path">The file.</param>
    /// <param name="track">As for <see cref="Open(string, Action{double}?, int, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends a decoding <c>ffmpeg</c>, and every wait for the other side of a pipe.</param>
    /// <exception cref="StemJepaException">
    /// As for <see cref="Open(string, Action{double}?, int, CancellationToken)"/>, or too long for memory.
    /// </exception>
    public static MultichannelClip LoadChannels(string path, int track = 0, CancellationToken cancellationToken = default)
    {
        using AudioReader reader = Open(path, null, track, cancellationToken);
        return MultichannelClip.Read((IFrameReader)reader, path);
    }

    /// <summary>Reads a whole WAV, MP3 or Ogg Vorbis stream into memory with all its channels; the stream stays open.</summary>
    /// <param name="stream">A readable stream, at the first byte of the recording.</param>
    /// <param name="name">The name of the recording in error messages.</param>
    /// <exception cref="StemJepaException">
    /// The stream is of another format, damaged, truncated, without samples, or too long for memory.
    /// </exception>
    public static MultichannelClip LoadChannels(Stream stream, string name)
    {
        using AudioReader reader = Open(stream, name);
        return MultichannelClip.Read((IFrameReader)reader, name);
    }

    /// <summary>
    /// Reads key and tempo that the tags of a file state: ID3v2 (TKEY, TBPM) of MP3, WAV and AIFF; the comments KEY, INITIALKEY and BPM of
    /// FLAC, Ogg Vorbis and Opus; the loops of WAV (chunk <c>acid</c>) and AIFF (<c>basc</c>). A few kilobytes are read, whatever the
    /// length of the recording; of a file that is missing, damaged, a pipe or of another format, nothing is known.
    /// </summary>
    /// <param name="path">The file.</param>
    public static AudioTags ReadTags(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (RegularFile.TryGetLength(path) is null)
                return new AudioTags();
            using FileStream file = OpenStream(path);
            return TagReader.Read(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new AudioTags();
        }
    }

    private static AudioClip Load(AudioReader reader, string name)
    {
        var samples = new float[1 << 16];
        int count = 0;
        while ((count += reader.Read(samples.AsSpan(count))) == samples.Length)
        {
            if (samples.Length == Array.MaxLength)
                throw new StemJepaException(
                    $"{name}: is too long to be held in memory; read it piece by piece with {nameof(AudioFile)}.{nameof(Open)}.");
            Array.Resize(ref samples, (int)Math.Min(2L * samples.Length, Array.MaxLength));
        }
        return new AudioClip(samples.AsMemory(0, count), reader.SampleRate);
    }

    private static AudioReader Decode(Stream content, string name, AudioFormat format, bool leaveOpen) => format switch
    {
        AudioFormat.Empty => throw new StemJepaException($"{name}: is empty; export the recording again."),
        AudioFormat.Wav => OpenWav(content, name, leaveOpen),
        AudioFormat.Mp3 => new Mp3Reader(content, name, leaveOpen),
        AudioFormat.OggVorbis => new VorbisReader(content, name, leaveOpen),
        _ => throw new StemJepaException(
            $"{name}: is neither WAV, MP3 nor Ogg Vorbis, and other formats are read from files only; "
            + "save it as one or convert it to WAV."),
    };

    private static WavReader OpenWav(Stream content, string name, bool leaveOpen)
    {
        var reader = new WavReader(content, name, leaveOpen);
        if (!reader.IsTruncated)
            return reader;
        reader.Dispose();
        throw AudioContent.Truncated(name);
    }

    private static Stream OpenFile(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            throw new StemJepaException($"{path}: is a folder, not a recording; give the path of an audio file.", StemJepaErrorKind.Access);
        try
        {
            return RegularFile.TryGetLength(path) is null
                ? InterruptibleStream.Open(() => OpenStream(path), cancellationToken)
                : OpenStream(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StemJepaException($"{path}: there is no such file; give the path of a recording.", error, StemJepaErrorKind.NotFound);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{path}: cannot be opened ({error.Message.TrimEnd('.')}); check that it is a readable file.", error,
                StemJepaErrorKind.Access);
        }
    }

    private static FileStream OpenStream(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    private static bool IsNamedWav(string path) => Path.GetExtension(path).ToLowerInvariant() is ".wav" or ".wave";

    private static double FractionRead(Stream file) => file is { CanSeek: true, Length: > 0 } ? (double)file.Position / file.Length : 0;
}
