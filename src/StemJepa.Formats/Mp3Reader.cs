using System.Buffers.Binary;
using System.Numerics;
using NLayer;

namespace StemJepa;

/// <summary>
/// Reads MPEG audio, layers I to III, in constant memory with NLayer. Where the file has an Info tag, the encoder's delay and padding are
/// left out, and a file with fewer frames than the tag says is truncated. Not thread-safe.
/// </summary>
internal sealed class Mp3Reader : AudioReader, IFrameReader
{
    private const int MostChannels = 2, LongestFrame = 1152;

    /// <summary>Samples by which a layer III decoder is late: half a synthesis window and one sample.</summary>
    private const int DecoderDelay = 529;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly bool _leaveOpen;
    private readonly Mp3Frames _frames;
    private readonly MpegFrameDecoder _decoder = new();
    private readonly float[] _decoded = new float[MostChannels * LongestFrame];
    private readonly float[] _mono = new float[LongestFrame];
    private readonly InfoTag? _tag;
    private Mp3Frame? _next;
    private long _framesRead, _toSkip, _left = long.MaxValue;
    private int _monoStart, _monoEnd, _decodedChannels;

    /// <summary>Reads the first frame.</summary>
    /// <exception cref="StemJepaException">There is none.</exception>
    public Mp3Reader(Stream stream, string name, bool leaveOpen)
    {
        _stream = stream;
        _name = name;
        _leaveOpen = leaveOpen;
        _frames = new Mp3Frames(stream);
        _next = NextFrame() ?? throw new StemJepaException(
            $"{name}: has no MPEG audio frames although it begins like an MP3 file; export the recording again.");
        SampleRate = _next.SampleRate;
        Channels = _next.Header.Channels;
        _tag = InfoTag.Find(_next);
        if (_tag is not { } tag)
            return;
        if (tag.HasDelays)
        {
            _toSkip = tag.Delay + DecoderDelay;
            if (tag.Frames is { } frames)
                _left = Math.Max(0, frames * _next.SampleCount - tag.Delay - tag.Padding);
        }
        _next = NextFrame();
    }

    public override int SampleRate { get; }

    public override int Read(Span<float> buffer)
    {
        int written = 0;
        while (written < buffer.Length && (_monoStart < _monoEnd || DecodeNext()))
        {
            int count = Math.Min(buffer.Length - written, _monoEnd - _monoStart);
            _mono.AsSpan(_monoStart, count).CopyTo(buffer[written..]);
            _monoStart += count;
            written += count;
        }
        return written;
    }

    /// <summary>Of the first frame; a frame with another number is told as mono.</summary>
    public int Channels { get; }

    public int ReadFrames(Span<float> interleaved)
    {
        int wanted = interleaved.Length / Channels, written = 0;
        while (written < wanted && (_monoStart < _monoEnd || DecodeNext()))
        {
            for (; written < wanted && _monoStart < _monoEnd; _monoStart++, written++)
            {
                for (int channel = 0; channel < Channels; channel++)
                    interleaved[written * Channels + channel] =
                        _decodedChannels == Channels ? _decoded[_monoStart * Channels + channel] : _mono[_monoStart];
            }
        }
        return written;
    }

    public override void Dispose()
    {
        if (!_leaveOpen)
            _stream.Dispose();
        base.Dispose();
    }

    /// <summary>Decodes the next frame; false at the end.</summary>
    private bool DecodeNext()
    {
        if (_next is not { } frame)
        {
            // Some encoders count the frame of the tag itself.
            if (_tag?.Frames > _framesRead + 1 || (_tag?.Frames is null && _frames.IsCutOff))
                throw AudioContent.Truncated(_name);
            return false;
        }
        int channels = frame.Header.Channels, count = frame.SampleCount;
        Decode(frame, channels * count);
        _decodedChannels = channels;
        for (int i = 0; i < count; i++)
            _mono[i] = channels == 1 ? _decoded[i] : (_decoded[2 * i] + _decoded[2 * i + 1]) / 2;
        _framesRead++;
        _monoStart = (int)Math.Min(count, _toSkip);
        _toSkip -= _monoStart;
        _monoEnd = _monoStart + (int)Math.Min(count - _monoStart, _left);
        _left -= _monoEnd - _monoStart;
        _next = NextFrame();
        return true;
    }

    /// <summary>A frame that cannot be decoded, such as the first ones after a cut, is silence as in other decoders.</summary>
    private void Decode(Mp3Frame frame, int expected)
    {
        int count;
        try
        {
            count = _decoder.DecodeFrame(frame, _decoded);
        }
        catch (Exception error) when (
            error is EndOfStreamException or IndexOutOfRangeException or ArgumentException or InvalidDataException)
        {
            count = 0;
        }
        _decoded.AsSpan(count, Math.Max(0, expected - count)).Clear();
    }

    private Mp3Frame? NextFrame()
    {
        try
        {
            return _frames.Next();
        }
        catch (IOException error)
        {
            throw AudioContent.Unreadable(_name, error);
        }
    }

    /// <summary>The first frame of many files: no audio, but how many frames follow and how much of them is padding.</summary>
    /// <param name="Frames">Number of frames after this one; null where the tag does not say.</param>
    /// <param name="HasDelays">Whether the encoder wrote delay and padding.</param>
    /// <param name="Delay">Samples that the encoder put before the recording.</param>
    /// <param name="Padding">Samples that it put after it.</param>
    private readonly record struct InfoTag(long? Frames, bool HasDelays, int Delay, int Padding)
    {
        private const int FieldsAt = 8, SeekTableBytes = 100, DelaysAt = 21;

        public static InfoTag? Find(Mp3Frame frame)
        {
            ReadOnlySpan<byte> tag = frame.Data[Math.Min(frame.Header.InfoOffset, frame.FrameLength)..];
            if (frame.Layer != MpegLayer.LayerIII || tag.Length < FieldsAt || !(tag.StartsWith("Xing"u8) || tag.StartsWith("Info"u8)))
                return null;
            byte flags = tag[FieldsAt - 1];
            int at = FieldsAt;
            long? frames = null;
            if ((flags & 1) != 0 && tag.Length >= at + 4)
                frames = BinaryPrimitives.ReadUInt32BigEndian(tag[at..]);
            at += 4 * BitOperations.PopCount((uint)flags & 0b1011) + ((flags & 4) != 0 ? SeekTableBytes : 0);
            if (tag.Length < at + DelaysAt + 3)
                return new InfoTag(frames, false, 0, 0);
            ReadOnlySpan<byte> encoder = tag[at..];
            int delays = encoder[DelaysAt] << 16 | encoder[DelaysAt + 1] << 8 | encoder[DelaysAt + 2];
            bool isKnown = encoder.StartsWith("LAME"u8) || encoder.StartsWith("Lavf"u8) || encoder.StartsWith("Lavc"u8);
            return new InfoTag(frames, isKnown, delays >> 12, delays & 0xFFF);
        }
    }
}
