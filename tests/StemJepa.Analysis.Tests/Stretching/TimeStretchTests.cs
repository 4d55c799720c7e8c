using CsCheck;

namespace StemJepa.Analysis.Tests;

/// <summary>Oracle: what a change of tempo and pitch is, on sines, clicks and noise whose result is known.</summary>
public sealed class TimeStretchTests
{
    private const int Rate = 44100;

    /// <summary>The roles, and a stem beyond them.</summary>
    internal static readonly Gen<Stem> AnyStem = Gen.Int[0, 4].Select(i => i < 4 ? Stem.Roles[i] : Stem.Parse("guitar"));

    [Fact]
    public void Nothing_to_do_gives_the_clip_to_the_bit()
    {
        var clip = new MultichannelClip([Signal.Noise(5000, 1), Signal.Noise(5000, 2)], Rate);
        Assert.Same(clip, TimeStretch.Apply(clip, 1));
    }

    [Fact]
    public void The_length_is_the_old_one_over_the_tempo() =>
        Gen.Select(Gen.Int[1, 30000], Gen.Double[0.5, 2], Gen.Int[-12, 12], AnyStem).Sample((length, tempo, semitones, stem) =>
        {
            MultichannelClip result = TimeStretch.Apply(new MultichannelClip([Signal.Noise(length, 3)], 16000), tempo, semitones, stem);
            bool isSame = tempo == 1 && semitones == 0;
            return isSame || (result.Length == (int)Math.Round(length / tempo)
                && !result.Channels[0].Span.ContainsAnyExceptInRange(-9f, 9f));
        }, iter: 40);

    [Theory]
    [InlineData(0.8, 0, "other"), InlineData(1.05, 0, "other"), InlineData(1.25, 0, "vocals")]
    [InlineData(1, 6, "bass"), InlineData(1, -6, "other"), InlineData(0.95, 3, "bass"), InlineData(1.07, -1, "drums")]
    public void A_sine_keeps_its_pitch_within_5_cents_and_its_level_within_1_dB(double tempo, int semitones, string name)
    {
        var stem = Stem.Parse(name);
        foreach (double hertz in new[] { 55.0, 440, 3000 })
        {
            if (stem == Stem.Drums && hertz < 100)
                continue; // Shorter than two periods of it, as the windows for drums are, none can tell it.
            float[] result = TimeStretch.Apply(new AudioClip(Signal.Sine(hertz, Rate, 3 * Rate), Rate), tempo, semitones, stem)
                .Samples.ToArray();
            float[] middle = result[(result.Length / 5)..(result.Length * 4 / 5)];
            double wanted = hertz * Math.Pow(2, semitones / 12.0);
            Assert.Equal(0, 1200 * Math.Log2(Signal.Frequency(middle, Rate) / wanted), 5.0);
            Assert.Equal(0, Decibels.FromRatio(Signal.Rms(middle) / (0.5 / Math.Sqrt(2))), 1.0);
        }
    }

    [Theory, InlineData(0.8), InlineData(0.96), InlineData(1.1), InlineData(1.25)]
    public void Noise_keeps_its_level_within_1_dB(double tempo)
    {
        foreach (Stem stem in Stem.Roles)
        {
            float[] noise = Signal.Noise(2 * Rate, 5);
            ReadOnlySpan<float> result = TimeStretch.Apply(new AudioClip(noise, Rate), tempo, 0, stem).Samples.Span;
            Assert.Equal(0, Decibels.FromRatio(Signal.Rms(result) / Signal.Rms(noise)), 1.0);
        }
    }

    [Theory, InlineData(0.8, 0), InlineData(0.95, 0), InlineData(1.05, 0), InlineData(1.25, 0), InlineData(1, 4), InlineData(1.1, -5)]
    public void Attacks_come_within_10_ms_of_where_they_belong_and_keep_their_height(double tempo, int semitones)
    {
        foreach (Stem stem in Stem.Roles)
        {
            var clicks = new float[4 * Rate];
            int[] places = [.. Enumerable.Range(1, 13).Select(i => i * Rate * 3 / 11)];
            foreach (int place in places)
            {
                for (int i = 0; i < 1500; i++)
                    clicks[place + i] = (float)(0.8 * Math.Exp(-i / 200.0) * Math.Cos(2 * Math.PI * 1500 * i / Rate));
            }
            float[] result = TimeStretch.Apply(new AudioClip(clicks, Rate), tempo, semitones, stem).Samples.ToArray();
            foreach (int place in places)
            {
                int expected = (int)(place / tempo), from = expected - Rate / 12, to = Math.Min(result.Length, expected + Rate / 12);
                int loudest = Enumerable.Range(from, to - from).MaxBy(i => Math.Abs(result[i]));
                Assert.Equal(0, 1000.0 * (loudest - expected) / Rate, 10.0);
                Assert.Equal(0, Decibels.FromRatio(Math.Abs(result[loudest]) / 0.8), 3.0);
            }
        }
    }

    [Fact]
    public void The_stereo_image_holds()
    {
        float[] left = Signal.Sine(330, Rate, Rate), noise = Signal.Noise(Rate, 9), silence = new float[Rate];
        MultichannelClip mono = TimeStretch.Apply(new MultichannelClip([noise, noise], Rate), 0.93, 2);
        Assert.Equal(mono.Channels[0].ToArray(), mono.Channels[1].ToArray());
        MultichannelClip panned = TimeStretch.Apply(new MultichannelClip([noise, silence], Rate), 1.07, -3);
        Assert.True(Signal.Rms(panned.Channels[1].Span) < 1e-6);
        float[] delayed = [.. new float[20], .. left[..^20]];
        MultichannelClip wide = TimeStretch.Apply(new MultichannelClip([left, delayed], Rate), 0.9);
        float[] before = wide.Channels[0].ToArray(), after = wide.Channels[1].ToArray();
        Assert.True(Signal.Rms([.. Enumerable.Range(Rate / 4, Rate / 2).Select(i => after[i] - before[i - 20])]) < 0.02);
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        var clip = new AudioClip(new float[10], Rate);
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeStretch.Apply(clip, 0.4));
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeStretch.Apply(clip, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => TimeStretch.Apply(clip, 1, 13));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => TimeStretch.Apply(clip, 0.9, 0, null, cancelled.Token));
    }
}
