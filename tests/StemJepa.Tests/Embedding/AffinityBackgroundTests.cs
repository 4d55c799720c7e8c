using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>The oracle is counting: the share of similarities that are lower.</summary>
public sealed class AffinityBackgroundTests : IDisposable
{
    private const int Length = 640;
    private readonly TemporaryFolder _folder = new();
    private readonly ModelInfo _model = ModelInfo.Load(GoldenModel.Folder) with { EmbeddingLength = Length };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Percentiles_are_the_share_of_recordings_that_fit_less()
    {
        StemEmbedding[][] recordings = Recordings(64);
        BackgroundFile.Write(_folder.Root, Background(recordings));
        AffinityBackground background = AffinityBackground.TryLoad(_model, _folder.Root)!;
        Assert.Equal(("songs", _model.Hash), (background.Corpus, background.ModelHash));
        StemEmbedding prediction = Embedding(9999);
        foreach (Stem stem in Stem.Roles)
        {
            float[] affinities = [.. recordings[stem.Role].Select(prediction.Similarity).Order()];
            Assert.Equal(64, background.Count(stem));
            for (int i = 1; i < affinities.Length; i++)
            {
                // Values are kept in 8 bits, so that neighbours that are nearer than this may change places.
                if (affinities[i] - affinities[i - 1] > 2e-3)
                    Assert.Equal(i / 64.0, background.Percentile(prediction, stem, (affinities[i] + affinities[i - 1]) / 2));
            }
            Assert.Equal((0.0, 1.0), (background.Percentile(prediction, stem, -1), background.Percentile(prediction, stem, 1)));
        }
    }

    [Fact]
    public void Stems_beyond_the_roles_have_no_percentile()
    {
        BackgroundFile.Write(_folder.Root, Background(Recordings(2)));
        AffinityBackground background = AffinityBackground.TryLoad(_model, _folder.Root)!;
        Stem guitar = Stem.Parse("guitar");
        Assert.Equal(0, background.Count(guitar));
        Assert.Null(background.Scale(Embedding(1), guitar));
        Assert.Null(background.Percentile(Embedding(1), guitar, 0));
    }

    [Fact]
    public void Equal_affinities_are_not_lower() =>
        Assert.Equal([0, 0.25, 0.75, 1], new[] { 0.1f, 0.2f, 0.3f, 0.9f }.Select(new AffinityScale([0.3f, 0.2f, 0.2f, 0.1f]).Percentile));

    [Fact]
    public void A_folder_without_one_has_none_and_another_models_is_refused()
    {
        Assert.Null(AffinityBackground.TryLoad(_model, _folder.Root));
        BackgroundFile.Write(_folder.Root, Background(Recordings(2)));
        ModelInfo other = _model with { Hash = new string('1', 64) };
        Assert.Contains("belongs to another model",
            Assert.Throws<StemJepaException>(() => AffinityBackground.TryLoad(other, _folder.Root)).Message);
        AffinityBackground background = AffinityBackground.TryLoad(_model, _folder.Root)!;
        Assert.Equal(StemJepaErrorKind.ModelMismatch, Assert.Throws<StemJepaException>(() =>
            background.Scale(new StemEmbedding(new float[60]), Stem.Bass)).Kind);
        Assert.Equal(StemJepaErrorKind.ModelMismatch, Assert.Throws<StemJepaException>(() =>
            background.Scale(new StemEmbedding(new float[Length], modelHash: new string('1', 64)), Stem.Bass)).Kind);
        Assert.Throws<ArgumentException>(() => new AffinityScale([]));
    }

    /// <summary>Every cut, and every changed byte, is one sentence that names the file.</summary>
    [Fact]
    public void Damage_is_one_sentence()
    {
        BackgroundFile.Write(_folder.Root, Background(Recordings(1)));
        string path = _folder.PathOf("background.bin");
        byte[] whole = File.ReadAllBytes(path);
        for (int at = 1; at < whole.Length; at += at < 100 ? 1 : 97)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x41;
            foreach (byte[] damaged in new[] { whole[..at], changed })
            {
                File.WriteAllBytes(path, damaged);
                string message = Assert.Throws<StemJepaException>(() => AffinityBackground.TryLoad(_model, _folder.Root)).Message;
                Assert.Contains(path, message);
                Assert.EndsWith("StemJepa.Export.", message);
            }
        }
    }

    [Fact]
    public void The_librarys_own_belongs_to_the_librarys_model_alone() => Assert.Null(AffinityBackground.TryLoad(_model));

    private BackgroundContent Background(StemEmbedding[][] recordings) =>
        new(_model.Hash, "songs", Array.ConvertAll(recordings, stem => Array.ConvertAll(stem, embedding => embedding.Direction)));

    private static StemEmbedding[][] Recordings(int count) =>
        [.. Enumerable.Range(0, 4).Select(stem => Enumerable.Range(0, count).Select(i => Embedding(1000 * stem + i)).ToArray())];

    private static StemEmbedding Embedding(int seed)
    {
        var random = new Random(seed);
        return new StemEmbedding([.. Enumerable.Range(0, Length).Select(_ => 4 * random.NextSingle() - 1)]);
    }
}
