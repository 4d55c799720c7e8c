using CsCheck;

namespace StemJepa.Analysis.Tests;

/// <summary>Oracle: what a mix with a candidate in it is, sample by sample, where nothing is stretched.</summary>
public sealed class FittedAudioTests
{
    private const int Rate = 16000;

    private static readonly MultichannelClip Mix = new([Signal.Noise(8 * Rate, 1, 0.1), Signal.Noise(8 * Rate, 2, 0.1)], Rate);

    private static readonly MultichannelClip Candidate = new([Signal.Sine(220, Rate, 2 * Rate, 0.05)], Rate);

    [Fact]
    public void The_candidate_lies_where_the_fit_says_as_loud_as_asked_for()
    {
        FittedAudio rendered = FittedAudio.Render(Fit(1.5), Mix, Candidate, new FitRenderOptions { Level = -9, GainDecibels = 2 });
        MultichannelClip spread = new([rendered.Audio.Channels[0], rendered.Audio.Channels[0]], Rate);
        Assert.Equal(Loudness.Integrated(Mix) - 7, Loudness.Integrated(spread), 0.05);
        MultichannelClip under = rendered.UnderMix(Mix);
        Assert.Equal((2, Mix.Length, Rate), (under.Channels.Count, under.Length, under.SampleRate));
        float[] expected = Mix.Channels[1].ToArray();
        for (int i = 0; i < rendered.Audio.Length; i++)
            expected[i + Rate * 3 / 2] += rendered.Audio.Channels[0].Span[i];
        Assert.All(expected.Zip(under.Channels[1].ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void A_loop_repeats_from_the_beginning_to_the_end()
    {
        FittedAudio rendered = FittedAudio.Render(Fit(2.5, isLoop: true), Mix, Candidate);
        float[] own = rendered.Audio.Channels[0].ToArray(), sum = rendered.UnderMix(Mix).Channels[0].ToArray(),
            mix = Mix.Channels[0].ToArray();
        for (int i = Rate / 10; i < mix.Length - Rate / 10; i++)
            Assert.Equal(own[(i + 3 * Rate / 2) % own.Length], sum[i] - mix[i], 1e-6);
    }

    /// <summary>A loop of 2 s that begins every 1.9 s overlaps itself, and one of 2.1 s leaves gaps.</summary>
    [Theory]
    [InlineData(1.9)]
    [InlineData(2.1)]
    public void A_loop_begins_again_after_its_period(double period)
    {
        FittedAudio rendered = FittedAudio.Render(Fit(0.5, isLoop: true) with { Period = TimeSpan.FromSeconds(period) }, Mix, Candidate);
        float[] own = rendered.Audio.Channels[0].ToArray(), sum = rendered.UnderMix(Mix).Channels[0].ToArray(),
            expected = Mix.Channels[0].ToArray();
        for (double start = 0.5 - period; start < 8; start += period)
        {
            int at = (int)Math.Round(start * Rate);
            for (int i = Math.Max(0, -at); i < own.Length && at + i < expected.Length; i++)
                expected[at + i] += own[i];
        }
        Assert.All(expected.Zip(sum).Skip(Rate / 10).SkipLast(Rate / 10), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    /// <summary>From where the candidate begins: two bars of 120 BPM are 4 s.</summary>
    [Fact]
    public void Bars_are_cut_out_of_the_mix()
    {
        FittedAudio rendered = FittedAudio.Render(Fit(1.5), Mix, Candidate);
        MultichannelClip all = rendered.UnderMix(Mix), two = rendered.UnderMix(Mix, 2);
        Assert.Equal(4 * Rate, two.Length);
        Assert.Equal(all.Channels[0].Slice(Rate * 3 / 2, two.Length).ToArray(), two.Channels[0].ToArray());
        Assert.Equal(all.Length - Rate * 3 / 2, rendered.UnderMix(Mix, int.MaxValue).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => rendered.UnderMix(Mix, 0));
    }

    [Fact]
    public void What_begins_before_the_mix_is_heard_from_its_beginning()
    {
        FittedAudio rendered = FittedAudio.Render(Fit(-0.5), Mix, Candidate);
        float[] sum = rendered.UnderMix(Mix).Channels[0].ToArray(), mix = Mix.Channels[0].ToArray();
        float[] own = rendered.Audio.Channels[0].ToArray();
        Assert.Equal(0, sum[0] - mix[0], 1e-6);
        for (int i = Rate / 10; i < Rate; i++)
            Assert.Equal(own[i + Rate / 2], sum[i] - mix[i], 1e-6);
    }

    [Fact]
    public void The_true_peak_is_at_most_minus_one_decibel() =>
        Gen.Select(Gen.Double[-20, 30], Gen.Double[0.05, 1], TimeStretchTests.AnyStem).Sample((gain, level, stem) =>
        {
            var mix = new MultichannelClip([Signal.Noise(Rate, 7, level)], Rate);
            FittedAudio rendered = FittedAudio.Render(Fit(0.1) with { Stem = stem }, mix, Candidate,
                new FitRenderOptions { GainDecibels = gain });
            return Loudness.TruePeak(rendered.Audio) <= FittedAudio.HighestPeak + 0.01
                && Loudness.TruePeak(rendered.UnderMix(mix)) <= FittedAudio.HighestPeak + 0.01;
        }, iter: 30);

    [Fact]
    public void It_is_stretched_and_transposed_at_its_own_rate()
    {
        var candidate = new MultichannelClip([Signal.Sine(440, 44100, 88200), Signal.Sine(660, 44100, 88200)], 44100);
        FittedAudio rendered = FittedAudio.Render(Fit(0) with { TempoRatio = 1.1, Semitones = -5 }, Mix, candidate);
        Assert.Equal((44100, 2, (int)Math.Round(88200 / 1.1)),
            (rendered.Audio.SampleRate, rendered.Audio.Channels.Count, rendered.Audio.Length));
        ReadOnlySpan<float> right = rendered.Audio.Channels[1].Span[20000..60000];
        Assert.Equal(0, 1200 * Math.Log2(Signal.Frequency(right, 44100) / (660 * Math.Pow(2, -5 / 12.0))), 5.0);
    }

    private static StemFit Fit(double start, bool isLoop = false) => new()
    {
        Stem = Stem.Bass,
        Semitones = 0,
        TempoRatio = 1,
        Start = TimeSpan.FromSeconds(start),
        Length = TimeSpan.FromSeconds(2),
        AffinityBefore = 0,
        Affinity = 0,
        IsLoop = isLoop,
        MixTempo = 120,
        CandidateTempo = 120,
        MixKey = default,
        CandidateKey = default,
    };
}
