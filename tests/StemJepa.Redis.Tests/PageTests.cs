using StemJepa.TestSupport;

namespace StemJepa.Redis.Tests;

/// <summary>The example of docs/guide/redis.md, as it stands there.</summary>
[Collection(OneServer.Name)]
public sealed class PageTests(OneServer one)
{
    [Fact]
    public async Task The_example_runs_and_is_the_one_on_the_page()
    {
        string mix = Golden.PathOf("mix.wav"), bass = Golden.PathOf("vocals.wav"), address = one.NewAddress();
        using StemAffinity model = StemAffinity.Load(GoldenModel.Folder);

        // Example: from here
        await using VectorSetCatalog catalog = await VectorSetCatalog.OpenOrCreateAsync(address, model.Model);
        await catalog.SetAsync(new CatalogEntry { Id = bass, Stem = Stem.Bass, Tempo = 120 }, model.Embed(AudioClip.Load(bass)));

        StemEmbedding prediction = model.Predict(AudioClip.Load(mix), Stem.Bass);
        VectorSetAnswer answer = await catalog.SearchAsync(prediction, top: 20, new CatalogFilter { Stem = Stem.Bass });
        // to here

        Assert.Equal(bass, Assert.Single(answer.Matches).Entry.Id);
        string source = File.ReadAllText(Repository.PathOf("tests/StemJepa.Redis.Tests/PageTests.cs"));
        int from = source.IndexOf("// Example: from here", StringComparison.Ordinal) + 21;
        string example = source[from..source.IndexOf("// to here", StringComparison.Ordinal)];
        string page = File.ReadAllText(Repository.PathOf("docs/guide/redis.md"));
        string[] lines = example.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Contains(line, page));
    }
}
