namespace StemJepa;

/// <summary>Reads Ogg Vorbis in constant memory with NVorbis; the first logical stream, channels averaged. Not thread-safe.</summary>
internal sealed class VorbisReader : AudioReader, IFrameReader
{
    private const int BlockFrames = 4096, LowestRate = 8000, HighestRate = 192000;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly bool _leaveOpen;
    private readonly OggPages _pages;
    private readonly NVorbis.VorbisReader _decoder;
    private readonly float[] _block;
    private readonly int _channels;

    /// <summary>Reads the headers.</summary>
    /// <exception cref="StemJepaException">They are damaged or cut off.</exception>
    public VorbisReader(Stream stream, string name, bool leaveOpen)
    {
        _stream = stream;
        _name = name;
        _leaveOpen = leaveOpen;
        _pages = new OggPages(stream);
        try
        {
            _decoder = new NVorbis.VorbisReader(_pages, closeOnDispose: false) { ClipSamples = false };
        }
        catch (IOException error) when (error is not EndOfStreamException)
        {
            throw AudioContent.Unreadable(name, error);
        }
        catch (Exception error) when (IsOfDecoder(error))
        {
            throw new StemJepaException($"{name}: its Ogg Vorbis headers are damaged or cut off; copy or export it again.", error);
        }
        _channels = _decoder.Channels;
        _block = new float[BlockFrames * _channels];
        if (_decoder.SampleRate is < LowestRate or > HighestRate)
            throw new StemJepaException(
                $"{name}: has a sample rate of {_decoder.SampleRate} Hz; convert it to one from {LowestRate} to {HighestRate} Hz.");
    }

    public override int SampleRate => _decoder.SampleRate;

    public override int Read(Span<float> buffer)
    {
        int written = 0;
        while (written < buffer.Length)
        {
            int frames = ReadBlock(Math.Min(BlockFrames, buffer.Length - written));
            if (frames == 0)
            {
                CheckEnd();
                break;
            }
            for (int i = 0; i < frames; i++)
            {
                float sum = 0;
                foreach (float sample in _block.AsSpan(i * _channels, _channels))
                    sum += sample;
                buffer[written++] = sum / _channels;
            }
        }
        return written;
    }

    public int Channels => _channels;

    public int ReadFrames(Span<float> interleaved)
    {
        int wanted = interleaved.Length / _channels, written = 0;
        while (written < wanted)
        {
            int frames = ReadBlock(Math.Min(BlockFrames, wanted - written));
            if (frames == 0)
            {
                CheckEnd();
                break;
            }
            _block.AsSpan(0, frames * _channels).CopyTo(interleaved[(written * _channels)..]);
            written += frames;
        }
        return written;
    }

    public override void Dispose()
    {
        _decoder.Dispose();
        if (!_leaveOpen)
            _stream.Dispose();
        base.Dispose();
    }

    private static bool IsOfDecoder(Exception error) =>
        error is InvalidDataException or EndOfStreamException or ArgumentException or InvalidOperationException or IndexOutOfRangeException
            or NullReferenceException or OverflowException or NotSupportedException;

    private int ReadBlock(int frames)
    {
        try
        {
            return _decoder.ReadSamples(_block.AsSpan(0, frames * _channels)) / _channels;
        }
        catch (IOException error) when (error is not EndOfStreamException)
        {
            throw AudioContent.Unreadable(_name, error);
        }
        catch (Exception error) when (IsOfDecoder(error))
        {
            throw new StemJepaException($"{_name}: its Ogg Vorbis data is damaged; copy or export it again.", error);
        }
    }

    private void CheckEnd()
    {
        if (_pages.IsDamaged)
            throw new StemJepaException($"{_name}: pages of its Ogg stream are damaged or missing; copy or export it again.");
        if (!_pages.IsComplete)
            throw AudioContent.Truncated(_name);
    }
}
