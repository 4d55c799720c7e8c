using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>A feature that says the label is learnt; one that is noise stays at chance; figures do not change from run to run.</summary>
public sealed class ProbeTests
{
    private const int Classes = 4;

    private static readonly ClassTask Task = new(ProbeTask.Genre, ["a", "b", "c", "d"]);

    /// <summary>Clips whose first sample tells their class, in thousands.</summary>
    private static readonly ProbeData Data =
        new("tiny", "tiny", Task, Enum.GetValues<ProbeSplit>().SelectMany(split => Enumerable.Range(0, 40).Select(i =>
        new ProbeClip($"{split}{i}", $"{split}{i}", split, ProbeLabel.FromClass(i % Classes), () =>
            new AudioClip(new[] { i % Classes / 1000f, i + 100 * (int)split }, 16000)))));

    private sealed class Feature(bool knows, int seed) : IProbeFeature
    {
        private readonly Random _random = new(seed);

        public string Name => "tiny";

        public bool SupportsTimePatchHead => true;

        public float[] Pooled(AudioClip clip)
        {
            float[] noise = [.. Enumerable.Range(0, 6).Select(_ => (float)_random.NextDouble())];
            if (knows)
                noise[(int)Math.Round(clip.Samples.Span[0] * 1000)] += 2;
            return [.. noise, 3];
        }

        /// <summary>Half of the columns tell the class by a sign that their mean does not have.</summary>
        public (float[] Rows, int Length) TimePatches(AudioClip clip)
        {
            const int columns = 80, length = 7;
            float[] rows = [.. Enumerable.Range(0, columns * length).Select(_ => (float)_random.NextDouble() - 0.5f)];
            for (int column = 0; column < columns && knows; column++)
                rows[column * length + (int)Math.Round(clip.Samples.Span[0] * 1000)] += column % 2 == 0 ? 3 : -3;
            return (rows, length);
        }
    }

    [Fact]
    public void What_a_feature_says_is_learnt_and_noise_is_not()
    {
        var probe = new Probe(Data);
        ProbeResult good = probe.Measure(new Feature(knows: true, 1)), bad = probe.Measure(new Feature(knows: false, 1)),
            chance = probe.Chance();
        Assert.InRange(good.Metrics["accuracy"].Mean, 0.95, 1);
        Assert.InRange(bad.Metrics["accuracy"].Mean, 0, 0.5);
        Assert.InRange(chance.Metrics["accuracy"].Mean, 0.05, 0.5);
        Assert.Contains(good.Head, new[] { "linear", "mlp" });
        Assert.Equal(3, good.Metrics["accuracy"].Seeds.Count);
        Assert.Null(probe.Onsets());
    }

    /// <summary>The mean of the columns is noise, so that only a head that looks at each of them before averaging can know.</summary>
    [Fact]
    public void What_columns_say_is_learnt_where_their_mean_says_nothing()
    {
        var probe = new Probe(Data);
        ProbeResult columns = probe.MeasureTimePatches(new Feature(knows: true, 1)),
            mean = probe.Measure(new CachedFeature(new Feature(knows: true, 1)));
        Assert.InRange(columns.Metrics["accuracy"].Mean, 0.95, 1);
        Assert.InRange(mean.Metrics["accuracy"].Mean, 0, 0.5);
        Assert.Equal("columns", columns.Head);
        Assert.InRange(probe.MeasureTimePatches(new Feature(knows: false, 1)).Metrics["accuracy"].Mean, 0, 0.5);
    }

    [Fact]
    public void Figures_are_the_same_again() => Assert.Equal(
        new Probe(Data).Measure(new Feature(knows: false, 2)).Metrics["accuracy"].Seeds,
            new Probe(Data).Measure(new Feature(knows: false, 2)).Metrics["accuracy"].Seeds);

    /// <summary>Values worked by hand: mean of 0.2, 0.4, 0.6 is 0.4, their sample deviation 0.2.</summary>
    [Fact]
    public void Seeds_are_summed_up_by_mean_and_sample_deviation()
    {
        ProbeMetric metric = ProbeMetric.FromSeeds([0.2, 0.4, 0.6]);
        Assert.Equal(0.4, metric.Mean, 12);
        Assert.Equal(0.2, metric.Deviation, 12);
        Assert.Equal(0, ProbeMetric.FromSeeds([0.7]).Deviation);
    }

    /// <summary>A click every half second: 120 beats a minute, which onsets alone tell.</summary>
    [Fact]
    public void Onsets_alone_find_the_beats_of_clicks()
    {
        double[] beats = [.. Enumerable.Range(0, 20).Select(i => 0.25 + i / 2.0)];
        var samples = new float[16000 * 11];
        var random = new Random(1);
        foreach (int start in beats.Select(beat => (int)(16000 * beat)))
        {
            for (int i = 0; i < 400; i++)
                samples[start + i] = (float)(random.NextDouble() - 0.5) * (1 - i / 400f);
        }
        ProbeClip clip = new("clicks", "clicks", ProbeSplit.Test, ProbeLabel.FromBeats(beats), () => new AudioClip(samples, 16000));
        Assert.InRange(OnsetTracker.Score(new BeatTask(), [clip])![0], 0.9, 1);
        Assert.Equal([1, 1], OnsetTracker.Score(new TempoTask(), [clip with { Label = ProbeLabel.FromTempo(120) }])!);
        var feature = new HandMadeFeature(ProbeTask.Tempo);
        float[] lags = feature.Pooled(clip.Load());
        Assert.Equal(50, 25 + Array.IndexOf(lags, lags.Max()));
        (float[] rows, int length) = new HandMadeFeature(ProbeTask.Beats).TimePatches(clip.Load());
        Assert.Equal((3 * 16, 69 * 3 * 16), (length, rows.Length));
    }

    /// <summary>An A major triad: its pitch classes C#, E and A are the strongest three of the twelve.</summary>
    [Fact]
    public void Chroma_of_a_triad_is_its_pitch_classes()
    {
        float[] samples = [.. Enumerable.Range(0, 32000)
            .Select(i => (float)new[] { 440, 554.365, 659.255 }.Sum(hertz => 0.2 * Math.Sin(2 * Math.PI * hertz * i / 16000)))];
        float[] chroma = new HandMadeFeature(ProbeTask.Key).Pooled(new AudioClip(samples, 16000));
        Assert.Equal(24, chroma.Length);
        Assert.Equal([1, 4, 9], Enumerable.Range(0, 12).OrderByDescending(pitch => chroma[pitch]).Take(3).Order());
    }

    [Fact]
    public void Log_mel_features_are_moments_or_patches()
    {
        var clip = new AudioClip(Enumerable.Range(0, 16000).Select(i => (float)Math.Sin(i * 0.3)).ToArray(), 16000);
        float[] logMel = new LogMelSpectrogram().Compute(clip.Samples.Span);
        int frames = logMel.Length / 80;
        float[] pooled = new LogMelFeature().Pooled(clip);
        double mean = logMel[..frames].Average();
        Assert.Equal(160, pooled.Length);
        Assert.Equal(mean, pooled[0], 4);
        Assert.Equal(Math.Sqrt(logMel[..frames].Average(value => Math.Pow(value - mean, 2))), pooled[80], 4);
        (float[] rows, int length) = new LogMelFeature().TimePatches(clip);
        Assert.Equal((1280, (frames + 15) / 16 * 1280), (length, rows.Length));
        Assert.Equal(logMel[3 * frames + 16 + 5], rows[1280 + 3 * 16 + 5]);
    }

    /// <summary>The untrained encoder sees the model's patches: as many columns of the same length.</summary>
    [Fact]
    public void An_untrained_encoder_has_the_shape_of_the_model()
    {
        using StemAffinity model = StemAffinity.Create();
        using var untrained = new UntrainedFeature(model.Model, 1);
        var clip = new AudioClip(Enumerable.Range(0, 150_000).Select(i => (float)Math.Sin(i * 0.1)).ToArray(), 16000);
        (float[] rows, int length) = new ModelFeature(model).TimePatches(clip);
        (float[] others, int otherLength) = untrained.TimePatches(clip);
        Assert.Equal((rows.Length, length), (others.Length, otherLength));
        Assert.Equal(new ModelFeature(model).Pooled(clip).Length, untrained.Pooled(clip).Length);
        Assert.NotEqual(rows, others);
    }

    [Fact]
    public void A_report_is_read_back_and_drawn()
    {
        var report = new ProbeReport
        {
            Task = ProbeTask.Key,
            DataSet = "tiny",
            ModelName = "small",
            Clips = new Dictionary<string, int> { ["train"] = 3, ["validation"] = 2, ["test"] = 1 },
            Methods = new Dictionary<string, ProbeResult>
            {
                ["chance"] = ProbeResult.FromSeeds(["weighted_score", "accuracy"], null, [[0.1, 0.05], [0.2, 0.1]]),
                [ProbeReport.ModelMethod] = ProbeResult.FromSeeds(["weighted_score", "accuracy"], "linear", [[0.7, 0.6], [0.8, 0.7]]),
            },
            Measured = new Provenance("2026-11-24", "none", "none"),
        };
        string path = Path.GetTempFileName();
        using (FileStream stream = File.Create(path))
            report.Write(stream);
        ProbeReport again = ProbeReport.Read(path);
        File.Delete(path);
        Assert.Equal(0.75, again.Methods["model"].Metrics["weighted_score"].Mean, 12);
        Assert.Equal("linear", again.Methods["model"].Head);
        Assert.Equal(2, ProbeTable.Create(again).Rows.Count);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], ProbePlot.Render(again)[..4]);
    }
}
