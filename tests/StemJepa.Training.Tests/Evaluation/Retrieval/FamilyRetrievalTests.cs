using System.CommandLine;
using System.Text.Json;
using StemJepa.TestSupport;
using StemJepa.Training.Corpora;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Tests.Corpora;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>Songs of tones: the family guitar is part of other in the first two, all of it in the third; the fourth has none.</summary>
public sealed class FamilyRetrievalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FamilyRetrievalTests()
    {
        float[] guitar = TinyDataSet.Tone(700), other = TinyDataSet.Tone(TinyDataSet.HertzOf(Stem.Other));
        for (int song = 0; song < 4; song++)
        {
            string folder = _folder.PathOf($"corpus/test/song{song}");
            TinyDataSet.MusdbHq(folder, TinyDataSet.Rate, [.. Stem.Roles]);
            if (song < 2)
                new AudioClip(Sum(guitar, other), TinyDataSet.Rate).Save(Path.Combine(folder, "other.wav"));
            if (song < 3)
                TinyFamilies.Write(folder, ("guitar", ["other"], song < 2 ? guitar : null), ("pipes", ["vocals"], null));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_query_is_all_that_the_song_plays_but_the_family()
    {
        using var evaluation = new RetrievalEvaluation(CorpusFolder.Songs(_folder.PathOf("corpus"), SongSplit.Test), families: true);
        var queries = evaluation.FamilyQueries(_ => { }).ToList();
        Assert.Equal(["guitar", "pipes", "guitar", "pipes", "guitar", "pipes"], queries.Select(query => query.Family));
        float[] bass = Tone(Stem.Bass), drums = Tone(Stem.Drums), other = Tone(Stem.Other), vocals = Tone(Stem.Vocals);
        AssertClose(TinyDataSet.Tone(700), queries[0].Target);
        AssertClose(Sum(bass, drums, other, vocals), queries[0].Mix);
        AssertClose(vocals, queries[1].Target);
        AssertClose(Sum(bass, drums, other, TinyDataSet.Tone(700)), queries[1].Mix);
        AssertClose(other, queries[4].Target);
        AssertClose(Sum(bass, drums, vocals), queries[4].Mix);
    }

    [Fact]
    public void Shares_and_means_follow_from_the_ranks()
    {
        FamilyFigures many = FamilyFigures.FromRanks([1, 1, 2, 9, 1, 1, 1, 1, 1]), few = FamilyFigures.FromRanks([1, 2, 2]);
        Assert.Equal((9, 7 / 9.0), (many.Queries, many.RecallAt1));
        // The second of nine comes first if the better one is the one of eight that is not drawn; the last never does.
        Assert.Equal((7 + 1 / 8.0) / 9, many.FirstOf8!.Value, 1e-12);
        Assert.Null(few.FirstOf8);
        Assert.Equal((0.125, 1 / 9.0), (FamilyFigures.OfChance(9).FirstOf8, FamilyFigures.OfChance(9).RecallAt1));
        var report = new FamilyRetrieval
        {
            Methods = new Dictionary<string, IReadOnlyDictionary<string, FamilyFigures>>
            {
                ["model"] = new Dictionary<string, FamilyFigures>
                {
                    ["brass"] = few, ["guitar"] = many, ["keys"] = FamilyFigures.OfChance(8),
                },
            },
        };
        Assert.Equal((17, (many.FirstOf8 + 0.125) / 2), (report.Mean["model"].Queries, report.Mean["model"].FirstOf8));
        Assert.Equal("| brass | 3 | 33.3 | - |", report.ToMarkdown("tiny").Split('\n')[2]);
    }

    /// <summary>The model with a guitar among its stems is asked for it; one of the four roles alone is asked for other.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_command_measures_with_the_label_that_the_model_knows(bool knowsGuitar)
    {
        string json = _folder.PathOf("figures.json");
        string[] arguments = ["retrieval", "--corpus", _folder.PathOf("corpus"), "--families", "--json", json, "--model",
            knowsGuitar ? GoldenModel.FolderWithGuitar : GoldenModel.Folder];
        Assert.Equal(0, await EvaluateCommand.Create().Parse(arguments).InvokeAsync());
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(json));
        JsonElement methods = document.RootElement.GetProperty("families").GetProperty("methods");
        Assert.Equal(knowsGuitar ? ["model", "model_label_other", "mean_log_mel", "random"] : ["model", "mean_log_mel", "random"],
            methods.EnumerateObject().Select(method => method.Name));
        Assert.Equal(["guitar", "pipes"], methods.GetProperty("model").EnumerateObject().Select(family => family.Name));
        Assert.Equal(3, methods.GetProperty("model").GetProperty("guitar").GetProperty("queries").GetInt32());
        Assert.Equal(1 / 3.0, methods.GetProperty("random").GetProperty("guitar").GetProperty("recall@1").GetDouble());
    }

    [Fact]
    public void Corpus_without_families_is_refused()
    {
        foreach (string record in Directory.GetFiles(_folder.Root, SongRecord.FileName, SearchOption.AllDirectories))
            File.Delete(record);
        using var evaluation = new RetrievalEvaluation(CorpusFolder.Songs(_folder.PathOf("corpus"), SongSplit.Test), families: true);
        Assert.Contains("--families", Assert.Throws<StemJepaException>(() => evaluation.FamilyQueries(_ => { }).ToList()).Message);
    }

    private static float[] Tone(Stem stem) => TinyDataSet.Tone(TinyDataSet.HertzOf(stem));

    private static float[] Sum(params float[][] tones) =>
        [.. Enumerable.Range(0, TinyDataSet.Rate).Select(i => tones.Sum(tone => tone[i]))];

    private static void AssertClose(float[] expected, AudioClip found)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found.Samples.Span[i], 2e-4);
    }
}
