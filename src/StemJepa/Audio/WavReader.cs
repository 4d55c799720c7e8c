using System.Buffers;

namespace StemJepa;

/// <summary>
/// Reads WAV recordings of any length in constant memory: PCM of 8, 16, 24 and 32 bits, float of 32 and 64 bits, WAVE_FORMAT_EXTENSIBLE,
/// RF64 and BW64; the channels are averaged. Where the header's data size is missing or larger than the file (streamed or interrupted
/// recordings), everything to the end of the file is read; an incomplete last frame is dropped. Not thread-safe.
/// </summary>
public sealed class WavReader : AudioReader, IFrameReader
{
    private const int BlockBytes = 1 << 16;
    private const int PlaceholderRange = 4096;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly bool _leaveOpen;
    private readonly WavFormat _format;
    private byte[]? _block;
    private long _bytesLeft;

    /// <summary>Reads the header of a WAV stream, which need not be seekable.</summary>
    /// <param name="stream">A readable stream, at the first byte of the WAV file.</param>
    /// <param name="name">What to call the recording in error messages, as a rule its file name.</param>
    /// <param name="leaveOpen">Whether the stream stays open when this reader is disposed (it does when this constructor fails).</param>
    /// <exception cref="StemJepaException">Not a WAV file, damaged, or of a format that is not supported.</exception>
    public WavReader(Stream stream, string name, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        _stream = stream;
        _name = name;
        _leaveOpen = leaveOpen;
        WavHeader header = ReadHeader();
        _format = header.Format;
        _bytesLeft = header.DataBytes ?? long.MaxValue;
        if (stream.CanSeek)
        {
            long present = Math.Max(0, stream.Length - stream.Position);
            IsTruncated = header.DataBytes > present && !IsPlaceholder(header.DataBytes.Value);
            _bytesLeft = Math.Min(_bytesLeft, present);
            Length = _bytesLeft / _format.BlockAlign;
        }
        _block = ArrayPool<byte>.Shared.Rent(BlockBytes);
    }

    /// <inheritdoc/>
    public override int SampleRate => _format.SampleRate;

    /// <summary>The recording's length in frames (one mono sample each), or null when the header does not state it.</summary>
    public long? Length { get; }

    /// <summary>
    /// Whether the header promises more samples than the file holds, so that its end is missing. Placeholder sizes of programs that write
    /// into a pipe (just under 2 or 4 GiB) and unseekable streams do not count.
    /// </summary>
    public bool IsTruncated { get; }

    /// <summary>Opens a WAV file.</summary>
    /// <param name="path">The file; pipes and devices work too.</param>
    /// <exception cref="StemJepaException">
    /// Missing, a folder, not readable, not a WAV file, damaged, or of a format that is not supported.
    /// </exception>
    public static WavReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream file = OpenFile(path);
        try
        {
            return new WavReader(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<float> buffer) => Read(buffer, _format, 1);

    /// <inheritdoc/>
    int IFrameReader.Channels => _format.Channels;

    /// <inheritdoc/>
    int IFrameReader.ReadFrames(Span<float> interleaved)
    {
        WavFormat samples = _format with { Channels = 1, BlockAlign = _format.Encoding.ByteCount() };
        return Read(interleaved, samples, _format.Channels) / _format.Channels;
    }

    /// <summary>Closes the stream, unless it was to be left open.</summary>
    public override void Dispose()
    {
        if (_block is not null)
            ArrayPool<byte>.Shared.Return(_block);
        _block = null;
        if (!_leaveOpen)
            _stream.Dispose();
        base.Dispose();
    }

    /// <summary>Reads whole frames, each of so many values.</summary>
    private int Read(Span<float> buffer, in WavFormat valueFormat, int valuesOfFrame)
    {
        ObjectDisposedException.ThrowIf(_block is null, this);
        int written = 0;
        while (buffer.Length - written >= valuesOfFrame)
        {
            int frames = Math.Min((buffer.Length - written) / valuesOfFrame, BlockBytes / _format.BlockAlign);
            int wanted = (int)Math.Min((long)frames * _format.BlockAlign, _bytesLeft);
            int got = ReadBlock(_block.AsSpan(0, wanted));
            _bytesLeft -= got;
            int complete = got / _format.BlockAlign;
            SampleDecoder.Decode(_block, valueFormat, buffer.Slice(written, complete * valuesOfFrame));
            written += complete * valuesOfFrame;
            if (complete < frames)
            {
                _bytesLeft = 0;
                break;
            }
        }
        return written;
    }

    private static bool IsPlaceholder(long size) =>
        size is (> int.MaxValue - PlaceholderRange and <= int.MaxValue) or (> uint.MaxValue - PlaceholderRange and <= uint.MaxValue);

    private static FileStream OpenFile(string path)
    {
        if (Directory.Exists(path))
            throw new StemJepaException($"{path}: is a folder, not a recording; give the name of a WAV file.", StemJepaErrorKind.Access);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StemJepaException($"{path}: there is no such file; check the name.", error, StemJepaErrorKind.NotFound);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path}: cannot be opened ({error.Message.TrimEnd('.')}); check that it is a readable file.",
                error, StemJepaErrorKind.Access);
        }
    }

    private WavHeader ReadHeader()
    {
        try
        {
            return WavHeader.Read(_stream, _name);
        }
        catch (IOException error)
        {
            throw Unreadable(error);
        }
    }

    private int ReadBlock(Span<byte> target)
    {
        try
        {
            return _stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        }
        catch (IOException error)
        {
            throw Unreadable(error);
        }
    }

    private StemJepaException Unreadable(IOException error)
        => new($"{_name}: cannot be read ({error.Message.TrimEnd('.')}); check the disk or copy the file again.", error);
}
