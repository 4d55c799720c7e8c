using StemJepa.TestSupport;
using StemJepa.Training.Networks;
using StemJepa.Training.Corpora;
using StemJepa.Training.Tests.Evaluation;

namespace StemJepa.Export.Tests;

/// <summary>The oracle is embedding the same files with the library.</summary>
public sealed class BackgroundTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_background_holds_one_recording_of_each_song_and_stem_that_sounds()
    {
        string model = ExportModel(), corpus = _temporary.PathOf("corpus"), tests = _temporary.PathOf("tests");
        foreach ((string song, int index) in new[] { "a", "a~1", "b", "c", "tested" }.Select((song, index) => (song, index)))
        {
            foreach (Stem stem in Stem.Roles.Where(stem => song != "c" || stem == Stem.Bass))
                TinyProbeSets.Tone(Path.Combine(corpus, "train", song, CorpusSong.FileOf(stem)), 100 + 50 * index + 10 * stem.Role);
        }
        TinyProbeSets.Tone(Path.Combine(tests, "test", "tested", CorpusSong.FileOf(Stem.Bass)), 100);
        (int code, string output, string error) = Run("background", "--dataset", corpus, "--test-set", tests, "--model", model);
        Assert.True(code == 0, error);
        Assert.Contains("3 bass, 2 drums, 2 other, 2 vocals of corpus", output);

        using StemAffinity affinity = StemAffinity.Load(model, new StemAffinityOptions { Threads = 1 });
        AffinityBackground background = AffinityBackground.TryLoad(affinity.Model, model)!;
        Assert.Equal((3, 2), (background.Count(Stem.Bass), background.Count(Stem.Drums)));
        string mix = Path.Combine(corpus, "train", "tested", CorpusSong.FileOf(Stem.Vocals));
        StemEmbedding prediction = affinity.Predict(AudioClip.Load(mix), Stem.Drums);
        float[] affinities = [.. new[] { "a", "b" }.Select(song => prediction.Similarity(affinity.Embed(
            AudioClip.Load(Path.Combine(corpus, "train", song, CorpusSong.FileOf(Stem.Drums)))))).Order()];
        Assert.Equal(0, background.Percentile(prediction, Stem.Drums, affinities[0] - 0.02f));
        Assert.Equal(1, background.Percentile(prediction, Stem.Drums, affinities[1] + 0.02f));
        Assert.Equal(0, Run("--from", _temporary.PathOf("model.safetensors"), "--out", model).Code);
        Assert.Null(AffinityBackground.TryLoad(affinity.Model, model));
    }

    [Fact]
    public void A_corpus_without_a_stem_is_told()
    {
        string corpus = _temporary.PathOf("corpus");
        TinyProbeSets.Tone(Path.Combine(corpus, "train", "a", CorpusSong.FileOf(Stem.Bass)));
        (int code, _, string error) = Run("background", "--dataset", corpus, "--model", ExportModel());
        Assert.Equal(1, code);
        Assert.Contains("has no recording of drums", error);
        Assert.Equal(2, Run("background", "--dataset", corpus, "--model", "x", "--recordings", "0").Code);
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        return (ExportCommand.Run(arguments, output, error), output.ToString(), error.ToString());
    }

    private string ExportModel()
    {
        using var weights = new RandomWeights(new NetworkSizes("noise", 32, 2, 2, [24, 40], PatchEmbedding.Convolutional), 7);
        weights.Save(_temporary.PathOf("model.safetensors"));
        ModelExporter.Export(new ExportOptions { From = _temporary.PathOf("model.safetensors"), Out = _temporary.PathOf("model") });
        return _temporary.PathOf("model");
    }
}
