using System.Buffers.Binary;

namespace StemJepa;

/// <summary>
/// Passes an Ogg stream on to a decoder and watches its pages go by: whether the last one came, and whether one is missing. Not seekable,
/// so that the decoder keeps nothing of what it has read. Not thread-safe.
/// </summary>
internal sealed class OggPages(Stream stream) : ForwardStream(stream, leaveOpen: true)
{
    private const int HeaderBytes = 27, FlagsAt = 5, SerialAt = 14, SequenceAt = 18, SegmentsAt = 26;
    private const byte LastPage = 4;

    private readonly byte[] _header = new byte[HeaderBytes + byte.MaxValue];
    private int _headerBytes;
    private long _bodyLeft;
    private uint? _serial;
    private uint _sequence;
    private bool _isLast;

    /// <summary>Whether the last page of the first logical stream has gone by completely.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether a page of the first logical stream is missing, or the bytes are none of pages.</summary>
    public bool IsDamaged { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        int count = Source.Read(buffer);
        Watch(buffer[..count]);
        return count;
    }

    private void Watch(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty && !IsComplete && !IsDamaged)
        {
            int count = _bodyLeft > 0
                ? (int)Math.Min(data.Length, _bodyLeft)
                : Math.Min(data.Length, WantedHeader() - _headerBytes);
            if (_bodyLeft > 0)
                _bodyLeft -= count;
            else
                WatchHeader(data[..count]);
            data = data[count..];
            if (_headerBytes == WantedHeader() && _headerBytes > SegmentsAt && _bodyLeft == 0)
                EndPage();
        }
    }

    private int WantedHeader() => _headerBytes > SegmentsAt ? HeaderBytes + _header[SegmentsAt] : HeaderBytes;

    private void WatchHeader(ReadOnlySpan<byte> data)
    {
        data.CopyTo(_header.AsSpan(_headerBytes));
        _headerBytes += data.Length;
        if (_headerBytes < HeaderBytes || _headerBytes < WantedHeader())
            return;
        ReadOnlySpan<byte> header = _header;
        IsDamaged = !header.StartsWith("OggS"u8);
        foreach (byte segment in header[HeaderBytes.._headerBytes])
            _bodyLeft += segment;
        uint serial = BinaryPrimitives.ReadUInt32LittleEndian(header[SerialAt..]),
            sequence = BinaryPrimitives.ReadUInt32LittleEndian(header[SequenceAt..]);
        bool isOther = _serial is { } first && first != serial;
        if (isOther)
            return;
        IsDamaged |= _serial is not null && sequence != _sequence + 1;
        (_serial, _sequence) = (serial, sequence);
        _isLast = (header[FlagsAt] & LastPage) != 0;
    }

    private void EndPage()
    {
        _headerBytes = 0;
        IsComplete = _isLast;
    }
}
