using System.Text.Json;
using StemJepa.TestSupport;
using StemJepa.Training.Corpora;
using StemJepa.Training.Networks;
using StemJepa.Training.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Training;

/// <summary>What a batch holds when settings that are off by default are on, on songs whose stems all play the same noise.</summary>
public sealed class BatchBuilderTests : IDisposable
{
    private const int Bands = FrontEndSettings.MelBands, PatchFrames = FrontEndSettings.PatchFrames;

    private static readonly TrainingSettings Plain = new()
    {
        Sizes = new NetworkSizes("tiny", 16, 1, 2, [16], PatchEmbedding.Convolutional),
        ContrastiveSteps = 0,
        JepaSteps = 40,
        JepaBatch = 8,
        JepaWindowSeconds = 0.8,
        WarmupSteps = 1,
        GainDecibels = 0,
        GradientClip = 1e9,
        JepaContrastiveWeight = 1,
        MomentwiseShare = 0.4,
    };

    /// <summary>With rotary positions, which do not depend on the part of a batch that a row belongs to.</summary>
    private static readonly TrainingSettings Extended = Plain with
    {
        Sizes = Plain.Sizes with { TimePositions = TimePositions.Rotary },
        ShiftWeight = 0.5, ShiftPatches = 2, PlacesPerSong = 2, SubmixShare = 0.5, LabelSmoothing = 0.1,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly CorpusAudio _audio;

    public BatchBuilderTests()
    {
        var songs = new List<CorpusSong>();
        for (int song = 0; song < 3; song++)
        {
            string folder = _folder.PathOf($"song{song}");
            Directory.CreateDirectory(folder);
            var random = new Random(song);
            float[] samples = [.. Enumerable.Range(0, 10 * 16000).Select(_ => (float)(0.4 * random.NextDouble() - 0.2))];
            foreach (Stem stem in Stem.Roles)
                new AudioClip(samples, 16000).Save(Path.Combine(folder, stem.Name + ".wav"));
            songs.Add(new CorpusSong($"song{song}", folder));
        }
        _audio = new CorpusAudio(songs);
    }

    public void Dispose()
    {
        _audio.Dispose();
        _folder.Dispose();
    }

    /// <summary>
    /// All stems play the same, so that a recording is its context, so many frames later, but for the first and last of them.
    /// </summary>
    [Fact]
    public void Recording_begins_so_many_patches_after_its_context_as_the_shift_says()
    {
        var shifts = new HashSet<int>();
        for (int step = 0; step < 6; step++)
        {
            using var batch = (JepaBatch)Build(Plain with { ShiftPatches = 2 }, step);
            for (int pair = 0; pair < batch.Pairs; pair++)
            {
                int shift = PatchFrames * batch.Shifts![pair];
                shifts.Add(batch.Shifts[pair]);
                int[] shared =
                    [.. Enumerable.Range(2, batch.Frames - 4).Where(frame => frame - shift > 1 && frame - shift < batch.Frames - 2)];
                double[] differences = [.. Enumerable.Range(0, Bands).SelectMany(band => shared.Select(frame =>
                    (double)At(batch, pair, band, frame) - At(batch, batch.Pairs + pair, band, frame - shift)))];
                // A mix of two or three equal stems is 6 or 9.5 dB louder than one.
                Assert.All(differences, difference => Assert.Equal(differences.Average(), difference, 1e-2));
            }
        }
        Assert.Equal([-2, -1, 0, 1, 2], shifts.Order());
    }

    private static float At(JepaBatch batch, int row, int band, int frame) => batch.LogMels[(row * Bands + band) * batch.Frames + frame];

    /// <summary>All stems play the same, so that levels tell how many are in a context and in a target.</summary>
    [Fact]
    public void Label_is_the_mean_over_the_stems_of_the_target_and_the_context_has_others()
    {
        var sizes = new HashSet<int>();
        for (int step = 0; step < 8; step++)
        {
            using var batch = (JepaBatch)Build(Plain with { SubmixShare = 0.7 }, step);
            for (int pair = 0; pair < batch.Pairs; pair++)
            {
                float[] label = batch.Labels!.AsSpan(4 * pair, 4).ToArray();
                int count = label.Count(weight => weight > 0);
                sizes.Add(count);
                Assert.All(label, weight => Assert.True(weight == 0 || weight == 1f / count));
                Assert.True(label[batch.Stems[pair]] > 0);
                double level = At(batch, batch.Pairs + pair, 40, 30) - At(batch, pair, 40, 30);
                double contexts = count / Math.Exp(level * new FrontEndSettings().StandardDeviation / 2);
                Assert.Equal(Math.Round(contexts), contexts, 1e-2);
                Assert.InRange(Math.Round(contexts), 1, 4 - count);
            }
        }
        Assert.Equal([1, 2, 3], sizes.Order());
    }

    [Fact]
    public void Lengths_are_drawn_by_step_and_pairs_make_up_for_them()
    {
        TrainingSettings settings = Plain with { JepaWindowChoices = [0.32, 0.8, 1.6] };
        var found = new HashSet<(int Frames, int Pairs)>();
        for (int step = 0; step < 20; step++)
        {
            using var batch = (JepaBatch)Build(settings, step);
            using var again = (JepaBatch)Build(settings, step);
            Assert.Equal((batch.Frames, batch.Pairs), (again.Frames, again.Pairs));
            found.Add((batch.Frames, batch.Pairs));
        }
        Assert.Equal([(32, 20), (80, 8), (160, 4)], found.Order());
    }

    /// <summary>The oracle: libtorch's gradients of the whole batch. In the JEPA stage no statistics of parts come in.</summary>
    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(5, 2, false)]
    [InlineData(1, 2, true)]
    [InlineData(5, 3, true)]
    [InlineData(5, 3, true, true)]
    public void Gradients_of_parts_are_those_of_the_whole_batch(int step, int threads, bool wholeBatch, bool features = false)
    {
        using var scope = NewDisposeScope();
        TrainingSettings settings = features ? Extended with { ShiftPatches = 0, PitchClassWeight = 1, OnsetWeight = 2 } : Extended;
        using Batch batch = Build(settings with { JepaBatch = 20 }, step);
        (StepLosses wholeLosses, Dictionary<string, float[]> whole) = Gradients(settings, batch, step, threads: 1, wholeBatch: true);
        (StepLosses losses, Dictionary<string, float[]> parts) = Gradients(settings, batch, step, threads, wholeBatch);
        Assert.Equal(wholeLosses.Total, losses.Total, 1e-4);
        Assert.Equal(features, wholeLosses.Features > 0);
        Assert.Equal(wholeLosses.Regression + wholeLosses.Contrastive + 0.5 * wholeLosses.Shift!.Value + (wholeLosses.Features ?? 0),
            wholeLosses.Total, 1e-4);
        Assert.Equal(whole.Keys.Order(), parts.Keys.Order());
        Assert.Contains(whole.Values, gradient => gradient.Any(value => Math.Abs(value) > 1e-3));
        foreach ((string name, float[] gradient) in whole)
            Assert.All(gradient.Zip(parts[name]), pair =>
            {
                Assert.True(float.IsFinite(pair.First));
                Assert.Equal(pair.First, pair.Second, 1e-5 + 1e-3 * Math.Abs(pair.First));
            });
    }

    private static (StepLosses Losses, Dictionary<string, float[]> Gradients) Gradients(TrainingSettings given, Batch batch,
        int step, int threads, bool wholeBatch)
    {
        manual_seed(7);
        TrainingSettings settings = given with { WholeBatch = wholeBatch };
        using var network = new StemJepaNetwork(settings.Sizes);
        using var training = new TrainingStep(network, new AdamW(network.named_parameters(), 0), settings, threads);
        StepLosses losses = training.Run(batch, step);
        return (losses, network.named_parameters().Where(item => item.parameter.grad is not null)
            .ToDictionary(item => item.name, item => item.parameter.grad!.data<float>().ToArray()));
    }

    /// <summary>Configurations from before these settings are recognised, and their batches are what they were.</summary>
    [Fact]
    public void Without_them_nothing_is_added_or_written()
    {
        using var batch = (JepaBatch)Build(Plain, step: 1);
        Assert.Null(batch.Shifts);
        Assert.Null(batch.Labels);
        Assert.Null(batch.Repeats);
        string json = JsonSerializer.Serialize(Plain, RunFolder.Json);
        Assert.All(new[] { "shift", "places", "submix", "choices", "smoothing", "started", "time_positions", "famil", "labels", "pitch_class",
            "onset" },
            name => Assert.DoesNotContain(name, json));
        TrainingSettings read = JsonSerializer.Deserialize<TrainingSettings>(JsonSerializer.Serialize(Extended with
        {
            JepaWindowChoices = [0.32, 1.6],
        }, RunFolder.Json), RunFolder.Json)!;
        Assert.Equal((0.5, 2, 2, 0.5, 0.1, TimePositions.Rotary),
            (read.ShiftWeight, read.ShiftPatches, read.PlacesPerSong, read.SubmixShare,
            read.LabelSmoothing, read.Sizes.TimePositions));
        Assert.Equal([0.32, 1.6], read.JepaWindowChoices!);
        read.Check();
    }

    private Batch Build(TrainingSettings settings, long step) =>
        new BatchBuilder(_audio, settings, new LogMelSpectrogram(new FrontEndSettings())).Build(step);
}
