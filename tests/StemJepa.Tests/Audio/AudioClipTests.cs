using CsCheck;
using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>Oracle: a saved clip loads as itself within half a step of 16 bits, and its header is the specification's.</summary>
public sealed class AudioClipTests
{
    [Fact]
    public void A_saved_clip_loads_within_half_a_step()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("clip.wav");
        Gen.Select(Gen.Float[-1, 32767f / 32768].Array[1, 40_000], Gen.Int[8000, 192000]).Sample((samples, rate) =>
        {
            new AudioClip(samples, rate).Save(path);
            AudioClip loaded = AudioClip.Load(path);
            return loaded.SampleRate == rate && loaded.Samples.Length == samples.Length
                && Tone.LargestError(loaded.Samples.Span, .., n => samples[n]) <= 0.5 / 32768;
        }, iter: 25, threads: 1);
    }

    [Fact]
    public void A_saved_file_is_byte_for_byte_the_specifications()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("clip.wav");
        new AudioClip(new float[] { 0, 0.5f, -0.5f, 1, -1, 3, -3, float.PositiveInfinity, float.NegativeInfinity }, 22050).Save(path);
        Assert.Equal(WavBytes.Pcm16(22050, 1, 0, 16384, -16384, 32767, -32768, 32767, -32768, 32767, -32768), File.ReadAllBytes(path));
    }

    [Fact]
    public void Saving_replaces_an_older_file_and_leaves_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("clip.wav", new byte[100_000]);
        new AudioClip(new float[10], 16000).Save(path);
        Assert.Equal(44 + 20, new FileInfo(path).Length);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_clip_that_cannot_be_saved_gives_one_sentence_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var clip = new AudioClip(new float[10], 16000);
        Assert.Contains("its folder does not exist",
            Assert.Throws<StemJepaException>(() => clip.Save(folder.PathOf("none/clip.wav"))).Message);
        Assert.Contains("it is a folder", Assert.Throws<StemJepaException>(() => clip.Save(folder.PathOf("."))).Message);
        var damaged = new AudioClip(new[] { 0, float.NaN }, 16000);
        Assert.Contains("sample 1 is not a number", Assert.Throws<StemJepaException>(() => damaged.Save(folder.PathOf("nan.wav"))).Message);
        Assert.Empty(Directory.GetFiles(folder.PathOf(".")));
    }

    [Fact]
    public void Resampling_keeps_the_duration()
    {
        AudioClip clip = new AudioClip(Tone.Sine(440, 44100, 44100), 44100).Resample(16000);
        Assert.Equal((16000, 16000), (clip.SampleRate, clip.Samples.Length));
        Assert.Equal(TimeSpan.FromSeconds(1), clip.Duration);
        Assert.Same(clip, clip.Resample(16000));
    }

    [Fact]
    public void A_reader_gives_the_clips_samples_in_order()
    {
        float[] samples = Tone.Sine(440, 16000, 1000);
        using AudioReader reader = new AudioClip(samples, 16000).OpenReader();
        var first = new float[700];
        var second = new float[700];
        Assert.Equal((700, 300, 0), (reader.Read(first), reader.Read(second), reader.Read(new float[1])));
        Assert.Equal(samples, first.Concat(second.Take(300)));
        Assert.Equal(16000, reader.SampleRate);
    }

    [Theory, InlineData(7999), InlineData(192001), InlineData(0), InlineData(-1)]
    public void A_sample_rate_out_of_range_is_refused(int rate)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioClip(new float[1], rate));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioClip(new float[1], 16000).Resample(rate));
    }

    /// <summary>The oracle is the mean in double precision.</summary>
    [Fact]
    public void Interleaved_channels_are_averaged() => CsCheck.Check.Sample(
        CsCheck.Gen.Select(CsCheck.Gen.Int[1, 8], CsCheck.Gen.Int[0, 50]), (channels, frames) =>
        {
            var random = new Random(channels * 100 + frames);
            float[] samples = [.. Enumerable.Range(0, channels * frames).Select(_ => random.NextSingle() - 0.5f)];
            AudioClip clip = AudioClip.FromInterleaved(samples, channels, 44100);
            Assert.Equal((frames, 44100), (clip.Samples.Length, clip.SampleRate));
            for (int i = 0; i < frames; i++)
                Assert.Equal(samples.Skip(i * channels).Take(channels).Average(sample => (double)sample), clip.Samples.Span[i], 1e-7);
        });

    [Fact]
    public void Interleaved_samples_are_whole_frames()
    {
        Assert.Throws<ArgumentException>(() => AudioClip.FromInterleaved(new float[5], 2, 44100));
        Assert.Throws<ArgumentOutOfRangeException>(() => AudioClip.FromInterleaved(new float[4], 0, 44100));
        Assert.Throws<ArgumentOutOfRangeException>(() => AudioClip.FromInterleaved(new float[4], 2, 1));
    }

    [Fact]
    public void Signals_of_NWaves_go_in_and_out_without_a_copy()
    {
        float[] samples = [0.1f, 0.2f, 0.3f];
        var signal = new NWaves.Signals.DiscreteSignal(16000, samples);
        AudioClip clip = AudioClip.FromSignal(signal);
        Assert.Same(signal.Samples, clip.ToSignal().Samples);
        Assert.Equal(16000, clip.ToSignal().SamplingRate);
        Assert.Equal([0.2f, 0.3f], new AudioClip(samples.AsMemory(1), 16000).ToSignal().Samples);
    }
}
