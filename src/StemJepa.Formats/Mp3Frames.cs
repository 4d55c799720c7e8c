namespace StemJepa;

/// <summary>
/// Finds the frames of an MPEG audio stream, read forward once: tags and damaged places between them are skipped, an incomplete last
/// frame is dropped. Not thread-safe.
/// </summary>
internal sealed class Mp3Frames(Stream stream)
{
    private readonly byte[] _buffer = new byte[4 * Mp3Header.LongestFrame];
    private readonly Mp3Frame _frame = new();
    private Mp3Header? _first;
    private int _start, _end;

    /// <summary>Whether the stream ended within a frame, so that its end is missing.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Reads the next frame, which is valid until the next call; null at the end.</summary>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public Mp3Frame? Next()
    {
        while (Fill(Mp3Header.LongestFrame) >= Mp3Header.Bytes)
        {
            ReadOnlySpan<byte> ahead = _buffer.AsSpan(_start, _end - _start);
            if (AudioContent.Id3Length(ahead) is { } tag)
            {
                Skip(tag);
                continue;
            }
            if (!Mp3Header.TryParse(ahead, out Mp3Header header) || _first is { } first && !header.Continues(first)
                || !IsFollowedByFrame(ahead, header))
            {
                _start++;
                continue;
            }
            if (ahead.Length < header.FrameBytes)
            {
                IsCutOff = _first is not null;
                return null;
            }
            _first ??= header;
            _frame.Set(header, ahead[..header.FrameBytes]);
            _start += header.FrameBytes;
            return _frame;
        }
        return null;
    }

    /// <summary>
    /// Four bytes that look like a header are one where the next frame, a tag or the end of the file comes after the frame.
    /// </summary>
    private static bool IsFollowedByFrame(ReadOnlySpan<byte> ahead, Mp3Header header)
    {
        if (ahead.Length < header.FrameBytes + Mp3Header.Bytes)
            return true;
        ReadOnlySpan<byte> after = ahead[header.FrameBytes..];
        return Mp3Header.TryParse(after, out Mp3Header next) && next.Continues(header)
            || after.StartsWith("TAG"u8) || after.StartsWith("APETAGEX"u8) || after.StartsWith("ID3"u8)
            || after.StartsWith("LYRICSBEGIN"u8);
    }

    private void Skip(long count)
    {
        while (count > 0 && Fill(1) > 0)
        {
            int part = (int)Math.Min(count, _end - _start);
            _start += part;
            count -= part;
        }
    }

    /// <summary>Reads ahead; returns how many bytes are there, fewer than asked only at the end.</summary>
    private int Fill(int count)
    {
        if (_end - _start >= count)
            return _end - _start;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        _end += stream.ReadAtLeast(_buffer.AsSpan(_end), count - _end, throwOnEndOfStream: false);
        return _end;
    }
}
