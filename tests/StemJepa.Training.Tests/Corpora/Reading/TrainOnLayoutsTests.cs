using System.CommandLine;
using StemJepa.TestSupport;
using StemJepa.Training.Networks;
using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>The command <c>train</c> on four songs in each layout, two steps: the same command line, finished weights.</summary>
public sealed class TrainOnLayoutsTests : IDisposable
{
    private const int Songs = 4;
    private readonly TemporaryFolder _folder = new();

    private static readonly TrainingSettings Settings = new()
    {
        Sizes = new NetworkSizes("tiny", 16, 1, 2, [16], PatchEmbedding.Convolutional),
        ContrastiveSteps = 1,
        JepaSteps = 1,
        ContrastiveBatch = 2,
        JepaBatch = 2,
        ContrastiveWindowSeconds = 0.16,
        JepaWindowSeconds = 0.16,
        WarmupSteps = 1,
        ValidationSteps = 0,
    };

    private string Corpus => _folder.PathOf("corpus");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Musdb_hq()
    {
        for (int i = 0; i < Songs; i++)
            TinyDataSet.MusdbHq(Path.Combine(Corpus, "train", $"song {i}"), 44100, Stem.Roles);
        await AssertTrains();
    }

    [RequiresProgramFact("ffmpeg")]
    public async Task Musdb_stem_mp4()
    {
        for (int i = 0; i < Songs; i++)
            await TinyDataSet.MusdbStem(Path.Combine(Corpus, "train", $"song {i}.stem.mp4"));
        await AssertTrains();
    }

    [Fact]
    public async Task Moisesdb()
    {
        for (int i = 0; i < Songs; i++)
            TinyDataSet.Moises(
                Path.Combine(Corpus, "moisesdb_v0.1", $"{i}{LayoutReadingTests.TrainName}"), ("bass", "bass guitar", TinyDataSet.Tone(100)),
                ("wind", "flutes", TinyDataSet.Tone(700)));
        await AssertTrains();
    }

    [RequiresProgramFact("ffmpeg")]
    public async Task Slakh()
    {
        for (int i = 0; i < Songs; i++)
            await TinyDataSet.Slakh(
                Path.Combine(Corpus, i == 0 ? "validation" : "train", $"Track0000{i}"), ".flac", ("Bass", TinyDataSet.Tone(100)),
                ("Reed", TinyDataSet.Tone(700)));
        await AssertTrains();
    }

    private async Task AssertTrains()
    {
        new RunFolder(_folder.PathOf("settings")).WriteSettings(Settings);
        string run = _folder.PathOf("run"), cache = _folder.PathOf("cache");
        var root = new RootCommand { TrainCommand.Create() };
        ParseResult parsed = root.Parse(
            ["train", "--corpus", Corpus, "--cache", cache, "--config", _folder.PathOf("settings/config.json"), "--out", run]);
        Assert.Equal(0, await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));
        Assert.Equal(2, TrainingLog.Read(Path.Combine(run, "log.csv")).Count());
        Assert.True(File.Exists(Path.Combine(run, "weights.safetensors")));
        Assert.InRange(Directory.GetDirectories(cache).Length, 2, Songs);
    }
}
