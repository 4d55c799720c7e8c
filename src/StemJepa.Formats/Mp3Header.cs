using System.Buffers.Binary;
using NLayer;

namespace StemJepa;

/// <summary>The four bytes before each frame of MPEG 1, 2 and 2.5 audio, layers I to III.</summary>
internal readonly struct Mp3Header
{
    /// <summary>Length of a header in bytes.</summary>
    public const int Bytes = 4;

    /// <summary>
    /// No frame is longer: layer II, 384 kbit/s at 32 kHz, with padding, has 1729 bytes, and layer I at 8 kHz less than this.
    /// </summary>
    public const int LongestFrame = 1 << 13;

    private const uint Sync = 0xFFE00000;

    /// <summary>The bits that all frames of one recording share: sync, version, layer and sample rate.</summary>
    private const uint SharedBits = 0xFFFE0C00;

    private static readonly int[] SampleRates = [44100, 48000, 32000];

    /// <summary>
    /// Kilobits per second by index 1..14: version 1 layers I, II and III, then the other versions' layers I, and II and III.
    /// </summary>
    private static readonly int[][] BitRates =
    [
        [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];

    private readonly uint _bits;

    private Mp3Header(uint bits) => _bits = bits;

    public MpegVersion Version => (_bits >> 19 & 3) switch
    {
        0 => MpegVersion.Version25,
        2 => MpegVersion.Version2,
        3 => MpegVersion.Version1,
        _ => MpegVersion.Unknown,
    };

    public MpegLayer Layer => (_bits >> 17 & 3) switch
    {
        1 => MpegLayer.LayerIII,
        2 => MpegLayer.LayerII,
        3 => MpegLayer.LayerI,
        _ => MpegLayer.Unknown,
    };

    public bool HasCrc => (_bits & 0x10000) == 0;

    public int BitRateIndex => (int)(_bits >> 12 & 15);

    public int SampleRateIndex => (int)(_bits >> 10 & 3);

    public MpegChannelMode ChannelMode => (MpegChannelMode)(_bits >> 6 & 3);

    public int ChannelModeExtension => (int)(_bits >> 4 & 3);

    public bool IsCopyrighted => (_bits & 8) != 0;

    public int Channels => ChannelMode == MpegChannelMode.Mono ? 1 : 2;

    public int SampleRate =>
        SampleRates[SampleRateIndex] >> Version switch { MpegVersion.Version1 => 0, MpegVersion.Version2 => 1, _ => 2 };

    /// <summary>Bits per second.</summary>
    public int BitRate => 1000 * BitRates[(Version, Layer) switch
    {
        (MpegVersion.Version1, MpegLayer.LayerI) => 0,
        (MpegVersion.Version1, MpegLayer.LayerII) => 1,
        (MpegVersion.Version1, _) => 2,
        (_, MpegLayer.LayerI) => 3,
        _ => 4,
    }][BitRateIndex - 1];

    /// <summary>Samples of each channel in a frame.</summary>
    public int SampleCount => Layer switch
    {
        MpegLayer.LayerI => 384,
        MpegLayer.LayerII => 1152,
        _ => Version == MpegVersion.Version1 ? 1152 : 576,
    };

    /// <summary>Length of the frame in bytes, this header included.</summary>
    public int FrameBytes
    {
        get
        {
            int padding = (int)(_bits >> 9 & 1), slot = Layer == MpegLayer.LayerI ? 4 : 1;
            return (SampleCount / 8 / slot * BitRate / SampleRate + padding) * slot;
        }
    }

    /// <summary>Where the data of a layer III frame begins that has no audio, such as the Info tag: after the side information.</summary>
    public int InfoOffset => Bytes + (Version, Channels) switch
    {
        (MpegVersion.Version1, 2) => 32,
        (MpegVersion.Version1, _) => 17,
        (_, 2) => 17,
        _ => 9,
    };

    /// <summary>
    /// Reads a header; false where the bytes are none, or of a frame whose length the header does not state, or of MPEG 2.5 at 8 kHz, whose
    /// scale factor bands NLayer does not know (its error is only 12 dB below the recording).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out Mp3Header header)
    {
        header = data.Length < Bytes ? default : new Mp3Header(BinaryPrimitives.ReadUInt32BigEndian(data));
        return (header._bits & Sync) == Sync && header.Version != MpegVersion.Unknown && header.Layer != MpegLayer.Unknown
            && header.BitRateIndex is > 0 and < 15 && header.SampleRateIndex < 3
            && (header.Version, header.SampleRateIndex) != (MpegVersion.Version25, 2);
    }

    /// <summary>Whether it can be a frame of the same recording.</summary>
    public bool Continues(Mp3Header first) => (_bits & SharedBits) == (first._bits & SharedBits);
}
