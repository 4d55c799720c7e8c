using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>Oracle: files put together by hand from the RIFF specification, with sample values known beforehand.</summary>
public sealed class WavFormatTests
{
    private static readonly double[] Values = [0, 0.5, -0.5, 0.25, -1, 0.9921875, -0.0078125];

    public static TheoryData<int, int> Encodings => new()
    {
        { WavBytes.Pcm, 8 }, { WavBytes.Pcm, 16 }, { WavBytes.Pcm, 24 }, { WavBytes.Pcm, 32 }, { WavBytes.Float, 32 },
            { WavBytes.Float, 64 },
    };

    [Theory, MemberData(nameof(Encodings))]
    public void Every_encoding_gives_the_samples_that_were_written(int tag, int bits)
    {
        byte[] data = WavBytes.Concat([.. Values.Select(value => Encode(value, tag, bits))]);
        AudioClip clip = Load(WavBytes.File(tag, 1, 44100, bits, data));
        Assert.Equal(44100, clip.SampleRate);
        Assert.Equal(Values.Select(value => (float)value), clip.Samples.ToArray());
    }

    [Theory, MemberData(nameof(Encodings))]
    public void The_extensible_format_is_read_as_its_sub_format(int tag, int bits)
    {
        byte[] data = WavBytes.Concat([.. Values.Select(value => Encode(value, tag, bits))]);
        AudioClip clip = Load(WavBytes.Riff(WavBytes.ExtensibleFormat((ushort)tag, 1, 48000, bits, bits), WavBytes.Chunk("data", data)));
        Assert.Equal(48000, clip.SampleRate);
        Assert.Equal(Values.Select(value => (float)value), clip.Samples.ToArray());
    }

    [Theory, MemberData(nameof(Encodings))]
    public void Channels_are_averaged(int tag, int bits)
    {
        foreach (int channels in (int[])[1, 2, 3, 6, 24])
        {
            const int frames = 101;
            double[] values = [.. Enumerable.Range(0, channels * frames).Select(i => (i * 37 % 255 - 127) / 128.0)];
            byte[] data = WavBytes.Concat([.. values.Select(value => Encode(value, tag, bits))]);
            float[] mono = Load(WavBytes.File(tag, channels, 22050, bits, data)).Samples.ToArray();
            Assert.Equal(frames, mono.Length);
            Assert.True(Tone.LargestError(mono, .., n => values.AsSpan(n * channels, channels).ToArray().Average()) < 1e-7);
        }
    }

    [Fact]
    public void Sixteen_bit_extremes_are_exact_at_every_place_of_a_vector()
    {
        short[] samples =
            [.. Enumerable.Range(0, 131).Select(i => (short)(i % 3 == 0 ? short.MinValue : i % 3 == 1 ? short.MaxValue : -1))];
        Assert.Equal(samples.Select(s => s / 32768f), Load(WavBytes.Pcm16(8000, 1, samples)).Samples.ToArray());
        float[] stereo = [.. samples.Skip(1).Chunk(2).Select(pair => (float)((pair[0] + pair[1]) / 65536.0))];
        Assert.Equal(stereo, Load(WavBytes.Pcm16(8000, 2, samples[1..])).Samples.ToArray());
    }

    [Fact]
    public void Two_full_scale_float_channels_do_not_overflow_and_special_values_pass()
    {
        float[] left = [float.MaxValue, float.NaN, float.PositiveInfinity, 0.5f];
        byte[] data = WavBytes.Concat([.. left.SelectMany(x => new[] { BitConverter.GetBytes(x), BitConverter.GetBytes(x) })]);
        Assert.Equal(left, Load(WavBytes.File(WavBytes.Float, 2, 16000, 32, data)).Samples.ToArray());
    }

    [Fact]
    public void Twenty_bits_in_three_bytes_are_left_justified()
    {
        AudioClip clip = Load(WavBytes.File(WavBytes.Pcm, 1, 48000, 20, [0x00, 0x00, 0x40, 0x00, 0x00, 0xC0]));
        Assert.Equal([0.5f, -0.5f], clip.Samples.ToArray());
    }

    [Theory, InlineData("mix.wav"), InlineData("vocals.wav")]
    public void The_golden_files_are_8_seconds_at_16_kHz(string name)
    {
        AudioClip clip = AudioClip.Load(Golden.PathOf(name));
        Assert.Equal((16000, 128000), (clip.SampleRate, clip.Samples.Length));
        Assert.Equal(TimeSpan.FromSeconds(8), clip.Duration);
        byte[] bytes = File.ReadAllBytes(Golden.PathOf(name));
        Assert.Equal(BitConverter.ToInt16(bytes, 44 + 2 * 5000) / 32768f, clip.Samples.Span[5000]);
    }

    private static AudioClip Load(byte[] file) => AudioClip.Load(new MemoryStream(file), "test.wav");

    private static byte[] Encode(double value, int tag, int bits) => (tag, bits) switch
    {
        (WavBytes.Pcm, 8) => [(byte)(128 + value * 128)],
        (WavBytes.Pcm, 16) => WavBytes.U16((int)(value * 32768)),
        (WavBytes.Pcm, 24) => WavBytes.U32((uint)(int)(value * 8388608))[..3],
        (WavBytes.Pcm, 32) => WavBytes.U32((uint)(int)(value * 2147483648)),
        (WavBytes.Float, 32) => BitConverter.GetBytes((float)value),
        _ => BitConverter.GetBytes(value),
    };
}
