using StemJepa.Training.Corpora;
using StemJepa.Training.Networks;
using StemJepa.Training.Tests.Corpora;
using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Training;

/// <summary>A run that was killed and resumed against one that was never stopped.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Steps = 10;
    private readonly string _folder = Directory.CreateTempSubdirectory("stemjepa-resume").FullName;

    private static readonly TrainingSettings Settings = new()
    {
        Sizes = new NetworkSizes("tiny", 16, 1, 2, [16], PatchEmbedding.Convolutional),
        ContrastiveSteps = 5,
        JepaSteps = 5,
        ContrastiveBatch = 3,
        JepaBatch = 3,
        JepaLongSteps = 2,
        JepaLongBatch = 2,
        ContrastiveWindowSeconds = 0.16,
        JepaWindowSeconds = 0.32,
        WarmupSteps = 2,
        TauStart = 0.9,
        TauEnd = 0.99,
        JepaContrastiveWeight = 1,
        VarispeedSemitones = 2,
        TiltDecibels = 3,
        MomentwiseShare = 0.5,
        ValidationSteps = 0,
    };

    /// <summary>Everything that is off unless a configuration turns it on.</summary>
    private static readonly TrainingSettings Extended = Settings with
    {
        Sizes = Settings.Sizes with { TimePositions = TimePositions.Rotary },
        ContrastiveSteps = 3,
        JepaSteps = 7,
        JepaWindowSeconds = 0.32,
        JepaWindowChoices = [0.16, 0.32, 0.48],
        ShiftWeight = 0.5,
        ShiftPatches = 2,
        PlacesPerSong = 2,
        SubmixShare = 0.5,
        LabelSmoothing = 0.1,
        ReverbShare = 0.5,
        ClippedShare = 0.5,
        Families = ["guitar", "pipes", "brass"],
        FamilyShare = 0.5,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(3, false)]
    [InlineData(5, true)]
    [InlineData(7, true)]
    public void Never_stopped_run_has_the_same_losses_and_weights(int killedAt, bool wholeBatch)
    {
        WriteSongs();
        double[] whole = Run("whole", resume: false, killAfter: Steps, wholeBatch: wholeBatch);
        Run("killed", resume: false, killAfter: killedAt, wholeBatch: wholeBatch);
        Run("killed", resume: true, killAfter: Steps, wholeBatch: wholeBatch);
        Assert.Equal(Steps, whole.Length);
        Assert.Equal(whole, Losses("killed"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "whole", "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(_folder, "killed", "weights.safetensors")));
    }

    [Theory]
    [InlineData(3, false, 3)]
    [InlineData(5, true, 3)]
    [InlineData(3, true, 0)]
    public void Never_stopped_run_from_given_weights_has_the_same_losses_and_weights(int killedAt, bool wholeBatch, int contrastiveSteps)
    {
        WriteSongs();
        Run("source", resume: false, killAfter: Steps);
        TrainingSettings settings = Extended with
        {
            StartedFrom = StartingWeights.FromFile(Path.Combine(_folder, "source", "weights.safetensors")),
            ContrastiveSteps = contrastiveSteps,
            JepaSteps = Steps - contrastiveSteps,
        };
        double[] whole = Run("whole", resume: false, killAfter: Steps, wholeBatch: wholeBatch, settings: settings);
        Run("killed", resume: false, killAfter: killedAt, wholeBatch: wholeBatch, settings: settings);
        Run("killed", resume: true, killAfter: Steps, wholeBatch: wholeBatch, settings: settings);
        Assert.Equal(Steps, whole.Length);
        Assert.All(whole, loss => Assert.True(double.IsFinite(loss)));
        Assert.Equal(whole, Losses("killed"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "whole", "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(_folder, "killed", "weights.safetensors")));
        Assert.Contains(settings.StartedFrom.Sha256, File.ReadAllText(Path.Combine(_folder, "whole", "config.json")));
        using SafetensorsFile weights = SafetensorsFile.Open(Path.Combine(_folder, "whole", "weights.safetensors"));
        Assert.Equal([7L, 16L], weights.Find("predictor.source_embed.weight").Shape.ToArray());
        Assert.Equal(settings.Families, WeightsConfig.Read(weights)!.Stems!.Skip(4).Select(stem => stem.Name));
    }

    [Fact]
    public void Run_with_families_on_songs_without_them_is_refused()
    {
        WriteSongs();
        foreach (string record in Directory.GetFiles(Path.Combine(_folder, "corpus"), SongRecord.FileName, SearchOption.AllDirectories))
            File.Delete(record);
        Assert.Contains("--families", Assert.Throws<StemJepaException>(
            () => Run("none", resume: false, killAfter: 1, settings: Extended)).Message);
    }

    [Fact]
    public void Another_seed_gives_other_losses()
    {
        WriteSongs();
        Assert.NotEqual(Run("one", resume: false, killAfter: 2), Run("two", resume: false, killAfter: 2, seed: 2));
    }

    private sealed class Killed : Exception;

    /// <summary>Checkpoints every second step and dies in the report of step <paramref name="killAfter"/>, before its checkpoint.</summary>
    private double[] Run(string name, bool resume, int killAfter, int seed = 1, bool wholeBatch = false,
        TrainingSettings? settings = null)
    {
        var run = new RunFolder(Path.Combine(_folder, name));
        settings = (settings ?? Settings) with { Seed = seed, WholeBatch = wholeBatch };
        run.WriteSettings(settings);
        using var songs = new CorpusAudio(CorpusFolder.Songs(Path.Combine(_folder, "corpus"), "train"), settings.Families);
        try
        {
            new TrainingRun(run, settings, songs, [], "test")
            {
                CheckpointSteps = 2,
                Report = progress =>
                {
                    if (progress.Row.Step == killAfter)
                        throw new Killed();
                },
            }.Run(resume, CancellationToken.None);
        }
        catch (Killed)
        {
        }
        return Losses(name);
    }

    private double[] Losses(string name) => [.. TrainingLog.Read(Path.Combine(_folder, name, "log.csv")).Select(row => row.Loss)];

    private void WriteSongs()
    {
        for (int song = 0; song < 3; song++)
        foreach (Stem stem in Stem.Roles)
        {
            string path = Path.Combine(_folder, "corpus", "train", $"song{song}", stem.Name + ".wav");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var random = new Random(song * 4 + stem.Role);
            double pitch = 100 + 900 * random.NextDouble();
            float[] samples = [.. Enumerable.Range(0, 16000)
                .Select(i => (float)(0.3 * Math.Sin(2 * Math.PI * pitch * i / 16000) + 0.05 * random.NextDouble()))];
            new AudioClip(samples, 16000).Save(path);
            if (stem == Stem.Other)
                TinyFamilies.Write(Path.GetDirectoryName(path)!, ("guitar", ["other"], [.. samples.Select((s, i) => i < 9000 ? s / 2 : s)]),
                    ("pipes", ["vocals"], null));
        }
    }
}
