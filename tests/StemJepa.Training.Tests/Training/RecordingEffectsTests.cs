using System.Text.Json;
using CsCheck;
using StemJepa.Training.Corpora;
using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Training;

/// <summary>Oracles: the effects' formulas in double precision, and sounds of which the result is known.</summary>
public sealed class RecordingEffectsTests
{
    private const int Rate = 16_000;
    private static readonly Gen<float[]> Samples = Gen.Float[-1, 1].Array[1, 400];

    private static float[] Sine(double hertz, int length = Rate) => [.. Enumerable.Range(0, length)
        .Select(i => (float)Math.Sin(2 * Math.PI * hertz * i / Rate))];

    private static double Level(ReadOnlySpan<float> samples)
    {
        double sum = 0;
        foreach (float s in samples) sum += (double)s * s;
        return Math.Sqrt(sum / samples.Length);
    }

    private static float[] Treated(float[] samples, Action<float[]> effect)
    {
        float[] copy = [.. samples];
        effect(copy);
        return copy;
    }

    [Fact]
    public void Compression_agrees_with_its_formula() => Gen.Select(Samples, Gen.Double[-24, -6], Gen.Double[1, 20])
        .Sample((samples, threshold, ratio) =>
    {
        float[] heard = Treated(samples, s => Dynamics.Compress(s, threshold, ratio, 0.002, 0.05));
        double limit = samples.Max(s => Math.Abs((double)s)) * Math.Pow(10, threshold / 20), level = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            double x = Math.Abs((double)samples[i]), seconds = x > level ? 0.002 : 0.05;
            level = x + (level - x) * Math.Exp(-1 / (seconds * Rate));
            double over = 20 * Math.Log10(Math.Max(level, 1e-30) / Math.Max(limit, 1e-30));
            double gain = over > 0 ? Math.Pow(10, over * (1 / ratio - 1) / 20) : 1;
            Assert.Equal(samples[i] * gain, heard[i], 1e-5);
        }
    });

    [Fact]
    public void Saturation_agrees_with_its_formula_and_keeps_the_peak() => Gen.Select(Samples, Gen.Double[1, 8]).Sample((samples, drive) =>
    {
        float[] heard = Treated(samples, s => Dynamics.Saturate(s, drive));
        double peak = samples.Max(s => Math.Abs((double)s));
        Assert.Equal(peak, heard.Max(s => Math.Abs((double)s)), 1e-5);
        for (int i = 0; i < samples.Length && peak > 0; i++)
            Assert.Equal(peak * Math.Tanh(drive * samples[i] / peak) / Math.Tanh(drive), heard[i], 1e-5);
    });

    [Fact]
    public void Chorus_and_wow_read_a_slow_sine_where_their_formulas_say()
    {
        const double hertz = 200, delay = 0.02, depth = 0.003, speed = 1.3, level = 0.6, phase = 0.4, deviation = 0.004;
        float[] sine = Sine(hertz), chorus = Treated(sine, s => Modulation.Chorus(s, delay, depth, speed, level, phase)),
            wow = Treated(sine, s => Modulation.Wow(s, deviation, speed, phase));
        for (int i = Rate / 10; i < Rate * 9 / 10; i += 37)
        {
            double t = (double)i / Rate, swing = Math.Sin(2 * Math.PI * speed * t + phase), w = 2 * Math.PI * hertz;
            Assert.Equal((Math.Sin(w * t) + level * Math.Sin(w * (t - delay - depth * swing))) / (1 + level), chorus[i], 1e-3);
            Assert.Equal(Math.Sin(w * (t + deviation / (2 * Math.PI * speed) * swing)), wow[i], 1e-3);
        }
    }

    /// <summary>The oracle: the analogue low-pass of two poles at the frequency that the bilinear transform takes a sine to.</summary>
    [Theory]
    [InlineData(300.0), InlineData(1000.0), InlineData(3000.0), InlineData(6000.0)]
    public void A_filter_that_stands_still_has_the_gain_of_its_analogue(double hertz)
    {
        const double cutoff = 1000, resonance = 1.5;
        float[] heard = Treated(Sine(hertz), s => Modulation.MovingLowPass(s, cutoff, cutoff, 0.1, resonance, 0));
        double ratio = Math.Tan(Math.PI * hertz / Rate) / Math.Tan(Math.PI * cutoff / Rate);
        double expected = 1 / Math.Sqrt(Math.Pow(1 - ratio * ratio, 2) + Math.Pow(ratio / resonance, 2));
        Assert.Equal(expected, Level(heard.AsSpan(Rate / 2)) * Math.Sqrt(2), 0.01 * Math.Max(1, expected));
    }

    [Fact]
    public void A_filter_that_moves_lets_more_through_where_it_is_open()
    {
        float[] heard = Treated(Sine(3000, 2 * Rate), s => Modulation.MovingLowPass(s, 300, 7000, 0.5, 0.7, -Math.PI / 2));
        Assert.True(Level(heard.AsSpan(Rate * 9 / 10, Rate / 5)) > 20 * Level(heard.AsSpan(Rate / 100, Rate / 20)));
    }

    [Fact]
    public void Noise_and_hum_have_the_levels_that_are_asked_for()
    {
        float[] music = Sine(440, 4 * Rate);
        double Added(double noise, double hum) => Level([.. Treated(music, s => Interference.AddNoise(s, noise, hum, 50, new Random(1)))
            .Zip(music, (a, b) => a - b)]) / Level(music);
        Assert.Equal(Math.Pow(10, -30 / 20.0), Added(-30, -200), 3e-4);
        Assert.Equal(Math.Pow(10, -20 / 20.0), Added(-200, -20), 3e-4);
    }

    [Fact]
    public void An_edge_is_silent_and_the_rest_is_untouched()
    {
        float[] samples = [.. Enumerable.Repeat(1f, 1000)];
        float[] start = Treated(samples, s => Interference.SilenceEdge(s, 0.25, true)),
            end = Treated(samples, s => Interference.SilenceEdge(s, 0.25, false));
        Assert.All(start[..250], s => Assert.Equal(0, s));
        Assert.All(start[330..], s => Assert.Equal(1, s));
        Assert.Equal(start[250..330].Order(), start[250..330]);
        Assert.Equal(start.Reverse(), end);
    }

    [Fact]
    public void Bleed_is_the_other_stems_at_their_levels() => Gen.Int[0, 1000].Sample(seed =>
    {
        float[][] others = [Sine(500), [.. Sine(500).Select(s => 0.5f * s)]];
        float[] heard = new float[Rate];
        Interference.Bleed(heard, others, new Random(seed));
        Assert.InRange(20 * Math.Log10(Level(heard) / Level(others[0])), -40 + 20 * Math.Log10(1.5) - 0.01,
            -15 + 20 * Math.Log10(1.5) + 0.01);
    }, iter: 20);

    [Fact]
    public void Without_shares_nothing_is_drawn_changed_or_written()
    {
        TrainingSettings never = TrainingSettings.Preset("small");
        var random = new Random(1);
        float[] samples = [0.5f, -1, 0.25f];
        Assert.Equal(samples, new RecordingEffects(never).Apply(samples, random).ToArray());
        Assert.Equal(new Random(1).NextDouble(), random.NextDouble());
        string json = JsonSerializer.Serialize(never, RunFolder.Json);
        foreach (string name in (string[])["compressed", "saturated", "chorus", "moving", "wow", "noise", "silent",
            "bleed"]) Assert.DoesNotContain(name, json);
    }

    [Fact]
    public void With_all_shares_the_sound_is_finite_and_another_and_the_input_stays()
    {
        TrainingSettings always = TrainingSettings.Preset("small") with { CompressedShare = 1, SaturatedShare = 1, ChorusShare = 1,
            MovingFilterShare = 1, WowShare = 1, NoiseShare = 1, SilentEdgeShare = 1 };
        var effects = new RecordingEffects(always);
        for (int seed = 0; seed < 20; seed++)
        {
            float[] samples = Sine(330), heard = effects.Apply(samples, new Random(seed)).ToArray();
            Assert.All(heard, s => Assert.InRange(s, -4, 4));
            Assert.Equal(Sine(330), samples);
            Assert.True(heard.Zip(samples).Count(p => p.First != p.Second) > samples.Length / 2);
            Assert.Equal(heard, effects.Apply(samples, new Random(seed)).ToArray());
        }
        Assert.All(effects.Apply(new float[1000], new Random(1)).ToArray(), s => Assert.Equal(0, s));
    }

    [Fact]
    public void Batches_with_bleed_and_effects_are_functions_of_the_step_and_targets_hold_the_other_stems()
    {
        using var folder = new TempSongs();
        using var audio = new CorpusAudio(folder.Songs);
        TrainingSettings plain = TrainingSettings.Preset("small") with
        {
            ContrastiveSteps = 1, JepaSteps = 8, JepaLongSteps = 0, ContrastiveBatch = 4, JepaBatch = 4, GainDecibels = 0, TiltDecibels = 0,
            VarispeedSemitones = 0,
        };
        float[] LogMels(TrainingSettings settings, long step)
        {
            Batch batch = new BatchBuilder(audio, settings, new LogMelSpectrogram()).Build(step);
            return batch.LogMels[..(batch.Count * FrontEndSettings.MelBands * batch.Frames)];
        }
        TrainingSettings bleed = plain with { BleedShare = 1 },
            effects = bleed with { ChorusShare = 1, CompressedShare = 1, WowShare = 0.5 };
        foreach (long step in (long[])[0, 2])
        {
            Assert.Equal(LogMels(effects, step), LogMels(effects, step));
            Assert.NotEqual(LogMels(plain, step), LogMels(bleed, step));
            Assert.All(LogMels(effects, step), value => Assert.True(float.IsFinite(value)));
        }
        float[] alone = LogMels(plain, 0), leaky = LogMels(bleed, 0);
        Assert.True(leaky.Average() > alone.Average());
    }

    private sealed class TempSongs : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("stemjepa-effects-").FullName;

        public TempSongs()
        {
            foreach (string name in (string[])["a", "b"])
            {
                Directory.CreateDirectory(Path.Combine(_folder, name));
                foreach ((Stem stem, int index) in Stem.Roles.Select((stem, index) => (stem, index)))
                    new AudioClip(Sine(150 * (index + 1), 10 * Rate).Select(s => 0.2f * s).ToArray(), Rate)
                        .Save(Path.Combine(_folder, name, CorpusSong.FileOf(stem)));
            }
            Songs = [.. ((string[])["a", "b"]).Select(name => new CorpusSong(name, Path.Combine(_folder, name)))];
        }

        public IReadOnlyList<CorpusSong> Songs { get; }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
