using NLayer;

namespace StemJepa;

/// <summary>One frame as NLayer reads it: header fields and a stream of bits. The buffer is used again for the next frame.</summary>
internal sealed class Mp3Frame : IMpegFrame
{
    private const int CrcBytes = 2;

    private readonly byte[] _data = new byte[Mp3Header.LongestFrame];
    private int _position;

    public Mp3Header Header { get; private set; }

    /// <summary>The whole frame, header included.</summary>
    public ReadOnlySpan<byte> Data => _data.AsSpan(0, FrameLength);

    public int SampleRate => Header.SampleRate;

    public int SampleRateIndex => Header.SampleRateIndex;

    public int FrameLength { get; private set; }

    public int BitRate => Header.BitRate;

    public MpegVersion Version => Header.Version;

    public MpegLayer Layer => Header.Layer;

    public MpegChannelMode ChannelMode => Header.ChannelMode;

    public int ChannelModeExtension => Header.ChannelModeExtension;

    public int SampleCount => Header.SampleCount;

    public int BitRateIndex => Header.BitRateIndex;

    public bool IsCopyrighted => Header.IsCopyrighted;

    public bool HasCrc => Header.HasCrc;

    public bool IsCorrupted => false;

    /// <summary>Takes over a frame; <paramref name="data"/> is as long as the header says.</summary>
    public void Set(Mp3Header header, ReadOnlySpan<byte> data)
    {
        Header = header;
        FrameLength = data.Length;
        data.CopyTo(_data);
        Reset();
    }

    public void Reset() => _position = 8 * (Mp3Header.Bytes + (HasCrc ? CrcBytes : 0));

    public int ReadBits(int bitCount)
    {
        if (_position + bitCount > 8 * FrameLength)
            throw new EndOfStreamException();
        int value = 0;
        for (int left = bitCount; left > 0;)
        {
            int offset = _position & 7, count = Math.Min(left, 8 - offset);
            value = value << count | _data[_position >> 3] >> (8 - offset - count) & (1 << count) - 1;
            _position += count;
            left -= count;
        }
        return value;
    }
}
