using CsCheck;
using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>Oracle: a saved clip loads as itself within half a step of its encoding, and as <see cref="AudioClip"/> its mean.</summary>
public sealed class MultichannelClipTests
{
    [Theory, InlineData(WavEncoding.Pcm16, 32768), InlineData(WavEncoding.Pcm24, 8388608), InlineData(WavEncoding.Float32, 1e12)]
    public void A_saved_clip_loads_within_half_a_step(WavEncoding encoding, double steps)
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("clip.wav");
        Gen.Select(Gen.Float[-1, 32767f / 32768].Array[1, 20_000], Gen.Int[1, 6], Gen.Int[8000, 192000]).Sample((samples, channels, rate) =>
        {
            var clip = MultichannelClip.FromInterleaved(samples.AsSpan(0, Math.Max(1, samples.Length / channels) * Math.Min(channels,
                samples.Length)), Math.Min(channels, samples.Length), rate);
            clip.Save(path, encoding);
            MultichannelClip loaded = MultichannelClip.Load(path);
            float[] mean = clip.ToMono().Samples.ToArray();
            return loaded.SampleRate == rate && loaded.Channels.Count == clip.Channels.Count
                && clip.Channels.Zip(loaded.Channels).All(pair =>
                    Tone.LargestError(pair.Second.Span, .., n => pair.First.Span[n]) <= 0.5 / steps + 1e-7)
                && Tone.LargestError(AudioClip.Load(path).Samples.Span, .., n => mean[n]) <= 0.5 / steps + 1e-6
                && new FileInfo(path).Length % 2 == 0;
        }, iter: 40, threads: 1);
    }

    [Fact]
    public void A_stereo_file_of_24_bits_is_byte_for_byte_the_specifications()
    {
        using var stream = new MemoryStream();
        new MultichannelClip([new float[] { 0.5f, -1 }, new float[] { 3, -0.25f }], 48000).Save(stream);
        Assert.Equal(WavBytes.File(WavBytes.Pcm, 2, 48000, 24, [0, 0, 0x40, 0xFF, 0xFF, 0x7F, 0, 0, 0x80, 0, 0, 0xE0]), stream.ToArray());
    }

    [Fact]
    public void What_is_no_clip_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new MultichannelClip([], 44100));
        Assert.Throws<ArgumentException>(() => new MultichannelClip([new float[2], new float[3]], 44100));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultichannelClip([new float[2]], 7));
        Assert.Throws<ArgumentException>(() => MultichannelClip.FromInterleaved(new float[3], 2, 44100));
        Assert.Contains("not a number", Assert.Throws<StemJepaException>(() =>
            new MultichannelClip([new[] { float.NaN }], 44100).Save(new MemoryStream())).Message);
    }
}
