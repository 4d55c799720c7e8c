using System.Numerics.Tensors;
using StemJepa.TestSupport;

namespace StemJepa.Formats.Tests;

/// <summary>In-process decoders against <c>ffmpeg</c>'s decoding of the same file.</summary>
public sealed class DecodingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int, int, string> Files => new()
    {
        { "cbr.mp3", 44100, 2, "-b:a 128k" },
        { "joint.mp3", 44100, 2, "-b:a 96k -joint_stereo 1" },
        { "mono.mp3", 32000, 1, "-b:a 64k" },
        { "mpeg2.mp3", 22050, 2, "-b:a 64k" },
        { "mpeg2-mono.mp3", 16000, 1, "-b:a 32k" },
        { "mpeg25.mp3", 11025, 1, "-b:a 16k" },
        { "mpeg25-through-ffmpeg.mp3", 8000, 1, "-b:a 16k" },
        { "through-ffmpeg.flac", 44100, 2, "-compression_level 5" },
        { "untagged.mp3", 44100, 2, "-b:a 128k -write_xing 0 -id3v2_version 0" },
        { "layer2.mp2", 44100, 2, "-b:a 192k" },
        { "low.ogg", 44100, 2, "-c:a libvorbis -q:a 1" },
        { "high.ogg", 48000, 2, "-c:a libvorbis -q:a 8" },
        { "mono.ogg", 16000, 1, "-c:a libvorbis" },
        { "slow.ogg", 8000, 1, "-c:a libvorbis" },
        { "fast.ogg", 96000, 2, "-c:a libvorbis" },
    };

    [RequiresProgramTheory("ffmpeg")]
    [MemberData(nameof(Files))]
    public async Task Agrees_with_ffmpeg_sample_by_sample(string name, int rate, int channels, string options)
    {
        string wav = Encoded.Wav(_folder.PathOf("original.wav"), rate, 3.217, channels);
        string path = await Encoded.Encode(wav, _folder.PathOf(name), options.Split(' '));
        AudioClip expected = await Encoded.Decode(path);

        AudioClip actual = AudioFile.Load(path);

        AssertSame(expected, actual, tolerance: 1e-6);
        MultichannelClip all = AudioFile.LoadChannels(path), decoded = MultichannelClip.Load(path + ".decoded.wav");
        Assert.Equal(channels, all.Channels.Count);
        for (int channel = 0; channel < channels; channel++)
            AssertSame(new AudioClip(decoded.Channels[channel], rate), new AudioClip(all.Channels[channel], all.SampleRate),
                tolerance: 1e-6);
    }

    /// <summary>
    /// NLayer differs by up to -27 dB in frames with short blocks as LAME writes them at variable bit rates; the rest is the same.
    /// </summary>
    [RequiresProgramTheory("ffmpeg")]
    [InlineData(48000, 2)]
    [InlineData(44100, 1)]
    public async Task Variable_bit_rate_agrees_with_ffmpeg_where_no_attacks_are(int rate, int channels)
    {
        string wav = Encoded.Wav(_folder.PathOf("original.wav"), rate, 3.217, channels);
        string path = await Encoded.Encode(wav, _folder.PathOf("vbr.mp3"), "-q:a", "4");
        AudioClip expected = await Encoded.Decode(path);

        AudioClip actual = AudioFile.Load(path);

        AssertSame(expected, actual, tolerance: 1e-3);
    }

    [RequiresProgramTheory("ffmpeg")]
    [InlineData("a.mp3", "-b:a 128k")]
    [InlineData("b.ogg", "-c:a libvorbis")]
    public async Task Recording_starts_and_ends_where_the_original_does(string name, string options)
    {
        string wav = Encoded.Wav(_folder.PathOf("original.wav"), 44100, 2.5);
        AudioClip original = AudioClip.Load(wav);

        AudioClip actual = AudioFile.Load(await Encoded.Encode(wav, _folder.PathOf(name), options.Split(' ')));

        Assert.Equal(original.Samples.Length, actual.Samples.Length);
        Assert.Equal(0, Enumerable.Range(-20, 41).MaxBy(lag => Correlation(original, actual, lag)));
        Assert.True(Correlation(original, actual, 0) > 0.99, $"correlation {Correlation(original, actual, 0)}");
    }

    [RequiresProgramTheory("ffmpeg")]
    [InlineData("a.mp3", "-b:a 128k -metadata title=tagged")]
    [InlineData("b.ogg", "-c:a libvorbis")]
    [InlineData("c.wav", "-c:a pcm_s16le")]
    public async Task Name_does_not_matter_and_unseekable_streams_give_the_same(string name, string options)
    {
        string wav = Encoded.Wav(_folder.PathOf("original.wav"), 44100, 2);
        string path = await Encoded.Encode(wav, _folder.PathOf(name), options.Split(' '));
        float[] expected = AudioFile.Load(path).Samples.ToArray();
        File.Copy(path, _folder.PathOf("renamed.wav"));

        Assert.Equal(expected, AudioFile.Load(_folder.PathOf("renamed.wav")).Samples.ToArray());
        using var file = File.OpenRead(path);
        Assert.Equal(expected, AudioFile.Load(new Drip(file), name).Samples.ToArray());
        Assert.Equal(expected, AudioFile.Load(new MemoryStream(File.ReadAllBytes(path)), name).Samples.ToArray());
    }

    [RequiresProgramFact("ffmpeg")]
    public async Task Large_tag_with_a_picture_before_the_first_frame_is_skipped()
    {
        string wav = Encoded.Wav(_folder.PathOf("original.wav"), 44100, 1);
        string plain = await Encoded.Encode(wav, _folder.PathOf("plain.mp3"), "-b:a", "128k", "-id3v2_version", "0");
        byte[] frames = File.ReadAllBytes(plain), picture = new byte[100_000];
        new Random(3).NextBytes(picture);
        picture[5000] = 0xFF;
        picture[5001] = 0xFB;
        byte[] header = [(byte)'I', (byte)'D', (byte)'3', 4, 0, 0, 0, (byte)(picture.Length >> 14), (byte)(picture.Length >> 7 & 127),
            (byte)(picture.Length & 127)];
        byte[] tagged = [.. header, .. picture, .. frames, .. "TAG"u8, .. new byte[125]];
        float[] expected = AudioFile.Load(plain).Samples.ToArray();

        Assert.Equal(expected, AudioFile.Load(_folder.Write("tagged.mp3", tagged)).Samples.ToArray());
        Assert.Equal(expected, AudioFile.Load(new Drip(new MemoryStream(tagged)), "tagged").Samples.ToArray());
    }

    [RequiresProgramTheory("ffmpeg")]
    [InlineData("long.mp3", "-b:a 320k")]
    [InlineData("long.ogg", "-c:a libvorbis")]
    public async Task Memory_does_not_grow_with_length(string name, string options)
    {
        string wav = Encoded.Wav(_folder.PathOf("original.wav"), 16000, 120, 1);
        string path = await Encoded.Encode(wav, _folder.PathOf(name), options.Split(' '));
        using AudioReader reader = AudioFile.Open(path);
        var buffer = new float[16000];
        Assert.Equal(buffer.Length, reader.Read(buffer));
        long before = GC.GetTotalMemory(forceFullCollection: true);

        while (reader.Read(buffer) == buffer.Length)
        {
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 200_000);
        GC.KeepAlive(reader);
    }

    public void Dispose() => _folder.Dispose();

    private static double Correlation(AudioClip a, AudioClip b, int lag)
    {
        const int edge = 1000;
        ReadOnlySpan<float> x = a.Samples.Span[edge..^edge], y = b.Samples.Span.Slice(edge + lag, x.Length);
        return TensorPrimitives.CosineSimilarity(x, y);
    }

    private static void AssertSame(AudioClip expected, AudioClip actual, double tolerance)
    {
        Assert.Equal(expected.SampleRate, actual.SampleRate);
        ReadOnlySpan<float> a = expected.Samples.Span, b = actual.Samples.Span;
        double error = 0, energy = 0;
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            error += (a[i] - b[i]) * (a[i] - b[i]);
            energy += a[i] * a[i];
        }
        string said = $"{a.Length} samples expected, {b.Length} decoded, error {10 * Math.Log10(error / energy):0.0} dB";
        Assert.True(a.Length == b.Length && error < tolerance * energy, said);
    }
}
