using System.CommandLine;
using System.Text.Json;
using StemJepa.TestSupport;
using StemJepa.Training.Corpora;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

public sealed class CanonicalCommandTests : IDisposable
{
    private const int Rate = 16000;

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    /// <summary>The oracle is the analysis of songs that are read one by one.</summary>
    [Fact]
    public async Task What_corpora_have_in_common_is_written_with_where_it_comes_from()
    {
        string first = Corpus("first", "a", 34), second = Corpus("second", "b", 18), file = _temporary.PathOf("canonical.json");
        Assert.Equal(0, await Run("--corpus", first, "--corpus", second, "--out", file));
        using JsonDocument written = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal(["corpora", "songs", "date", "commit", "stems"],
            written.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("first", "second", 2), (written.RootElement.GetProperty("corpora")[0].GetString(),
            written.RootElement.GetProperty("corpora")[1].GetString(), written.RootElement.GetProperty("songs").GetInt32()));
        var analysis = new CanonicalAnalysis(AlignmentFeatures.Count);
        foreach ((string folder, string song, int seconds) in new[] { (first, "a", 34), (second, "b", 18) })
        {
            float[] Samples(Stem stem) => AudioClip.Load(new CorpusSong(song, Path.Combine(folder, "train", song), "train")
                .PathOf(stem)).Samples[..(seconds * Rate)].ToArray();
            float[] bass = Samples(Stem.Bass), drums = Samples(Stem.Drums), other = Samples(Stem.Other), vocals = Samples(Stem.Vocals);
            analysis.Add(AlignmentFeatures.Compute(bass.Select((sample, i) => sample + other[i] + vocals[i]).ToArray()),
                AlignmentFeatures.Compute(drums));
        }
        (float[] mix, _, double[] correlations) = analysis.Solve(CanonicalDirections.Count);
        JsonElement found = written.RootElement.GetProperty("stems").GetProperty("drums");
        Assert.All(correlations.Zip(found.GetProperty("correlations").EnumerateArray()), pair =>
            Assert.Equal(pair.First, pair.Second.GetDouble(), 1e-3));
        Assert.Equal(mix.Length * sizeof(float), found.GetProperty("mix").GetBytesFromBase64().Length);
    }

    [Fact]
    public async Task Corpora_in_which_a_stem_never_plays_are_refused_and_nothing_is_written()
    {
        string corpus = Corpus("short", "a", 10), file = _temporary.PathOf("canonical.json");
        Assert.Contains("short: bass", (await Assert.ThrowsAsync<StemJepaException>(() => Run("--corpus", corpus, "--out", file))).Message);
        Assert.False(File.Exists(file));
        Assert.NotEmpty(CanonicalCommand.Create().Parse([]).Errors);
    }

    private static Task<int> Run(params string[] arguments) =>
        CanonicalCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });

    /// <summary>A song whose stems are noises that swell together.</summary>
    private string Corpus(string corpus, string name, double seconds)
    {
        string folder = _temporary.PathOf(corpus);
        var song = new CorpusSong(name, Path.Combine(folder, "train", name), "train");
        Directory.CreateDirectory(song.Folder);
        Random random = SeededRandom.For($"{name}");
        foreach (Stem stem in Stem.Roles)
            new AudioClip((float[])[.. Enumerable.Range(0, (int)(seconds * Rate)).Select(i =>
                (float)(0.2 * (random.NextDouble() - 0.5) * (1.1 + Math.Sin(i / 9000.0 + stem.Role))))], Rate).Save(song.PathOf(stem));
        return folder;
    }
}
