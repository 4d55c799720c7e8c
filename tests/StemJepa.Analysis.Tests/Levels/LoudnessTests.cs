using System.Globalization;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using StemJepa.TestSupport;

namespace StemJepa.Analysis.Tests;

/// <summary>Oracles: the values that BS.1770 and EBU Tech 3341 give for sines, and ffmpeg's meter <c>ebur128</c>.</summary>
public sealed class LoudnessTests
{
    [Theory, InlineData(16000), InlineData(44100), InlineData(48000), InlineData(96000)]
    public void A_sine_of_997_Hz_at_full_scale_has_minus_3_LUFS_in_one_channel(int rate)
    {
        float[] sine = Signal.Sine(997, rate, 5 * rate, 1);
        Assert.Equal(-3.01, Loudness.Integrated(new AudioClip(sine, rate)), 0.05);
        Assert.Equal(0, Loudness.Integrated(new MultichannelClip([sine, sine], rate)), 0.05);
    }

    /// <summary>EBU Tech 3341, test signals 1, 3 and 4: what is 10 LU quieter than the rest does not count.</summary>
    [Fact]
    public void Quiet_parts_do_not_count()
    {
        const int rate = 48000;
        float[] At(double decibels, int seconds) => Signal.Sine(1000, rate, seconds * rate, Decibels.ToRatio(decibels));
        float[] even = At(-23, 20), gated = [.. At(-36, 10), .. At(-23, 60), .. At(-36, 10)],
            deep = [.. At(-72, 10), .. At(-36, 10), .. At(-23, 60), .. At(-36, 10), .. At(-72, 10)];
        foreach (float[] signal in new[] { even, gated, deep })
            Assert.Equal(-23, Loudness.Integrated(new MultichannelClip([signal, signal], rate)), 0.1);
    }

    [Fact]
    public void Silence_and_less_than_a_block_have_no_loudness()
    {
        Assert.Equal(double.NegativeInfinity, Loudness.Integrated(new AudioClip(new float[16000], 16000)));
        Assert.Equal(double.NegativeInfinity, Loudness.Integrated(new AudioClip(Signal.Sine(440, 16000, 1000, 1), 16000)));
        Assert.Equal(double.NegativeInfinity, Loudness.TruePeak(new MultichannelClip([new float[100]], 16000)));
    }

    /// <summary>A sine at a quarter of the sample rate, sampled 45 degrees off its peaks: 3 dB over its samples.</summary>
    [Fact]
    public void The_true_peak_lies_between_samples()
    {
        float[] sine = [.. Enumerable.Range(0, 4000).Select(i => (float)(0.5 * Math.Sin(Math.PI / 2 * i + Math.PI / 4)))];
        Assert.Equal(-9.03, Decibels.FromRatio(sine.Max()), 0.01);
        Assert.Equal(-6.02, Loudness.TruePeak(new MultichannelClip([sine[200..^200]], 48000)), 0.35);
    }

    /// <summary>Eight samples are filtered at once, and what is left of a block one by one.</summary>
    [Theory, InlineData(1), InlineData(7), InlineData(100), InlineData(4099)]
    public void Blocks_of_any_length_give_the_same_loudness(int block)
    {
        float[] music = GoldenModel.Music(3 * 44100, 5, 44100).Samples.ToArray();
        var meter = new LoudnessMeter(44100, 1);
        foreach (float[] part in music.Chunk(block))
            meter.Add(part);
        Assert.Equal(Loudness.Integrated(new AudioClip(music, 44100)), meter.Integrated, 1e-9);
    }

    [RequiresProgramTheory("ffmpeg"), InlineData(48000, 2), InlineData(44100, 1), InlineData(16000, 2)]
    public async Task It_agrees_with_ffmpeg(int rate, int channels)
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("music.wav");
        AudioClip music = GoldenModel.Music(12 * rate, 3, rate);
        float[] other = [.. music.Samples.ToArray().Select((sample, i) => (float)(sample * (0.5 + 0.5 * Math.Sin(i / 9000.0))))];
        var clip = new MultichannelClip(channels == 1 ? [music.Samples] : [music.Samples, other], rate);
        clip.Save(path, WavEncoding.Float32);
        BufferedCommandResult result = await Cli.Wrap("ffmpeg")
            .WithArguments(["-nostdin", "-hide_banner", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"]).ExecuteBufferedAsync();
        string summary = result.StandardError[result.StandardError.LastIndexOf("Summary", StringComparison.Ordinal)..];
        Assert.Equal(Number(summary, @"I:\s+(-?[\d.]+) LUFS"), Loudness.Integrated(clip), 0.15);
        Assert.Equal(Number(summary, @"Peak:\s+(-?[\d.]+) dBFS"), Loudness.TruePeak(clip), 0.25);
    }

    private static double Number(string text, string pattern) =>
        double.Parse(Regex.Match(text, pattern).Groups[1].Value, CultureInfo.InvariantCulture);
}
