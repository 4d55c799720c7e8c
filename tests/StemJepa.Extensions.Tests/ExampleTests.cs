using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.VectorData;
using StemJepa.TestSupport;

namespace StemJepa.Extensions.Tests;

/// <summary>The examples of docs/guide/aspnetcore.md, as they stand there.</summary>
public sealed class ExampleTests(GoldenModel golden) : IClassFixture<GoldenModel>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (IStemAffinity Model, AudioClip Mix, AudioClip Bass) _given =
        (golden.Affinity, GoldenModel.Clip("mix.wav"), GoldenModel.Clip("vocals.wav"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Services()
    {
        (IStemAffinity model, AudioClip mix, AudioClip bass) = _given;
        string library = _folder.PathOf("library");
        using (CatalogWriter writer = CatalogWriter.Open(library, model.Model))
        {
            writer.Set(new CatalogEntry { Id = "bass.wav" }, model.Embed(bass));
            writer.Commit();
        }
        var services = new ServiceCollection();
        services.Configure<StemJepaOptions>(options => options.ModelFolder = GoldenModel.Folder);
        // Example: services
        services.AddStemJepa(options => options.Threads = 2);
        services.AddStemCatalog(library);
        // end of example
        using ServiceProvider provider = services.BuildServiceProvider();
        var web = new Finder(provider.GetRequiredService<IStemAffinity>(), provider.GetRequiredService<IStemCatalog>());
        Assert.Equal("bass.wav", Assert.Single(await web.FindBassAsync(mix)).Entry.Id);
        AssertShown("services", "docs/guide/aspnetcore.md");
    }

    // Example: finder
    public sealed class Finder(IStemAffinity model, IStemCatalog catalog)
    {
        public async Task<IReadOnlyList<CatalogMatch>> FindBassAsync(AudioClip mix)
        {
            StemEmbedding prediction = await model.PredictAsync(mix, Stem.Bass);
            return await catalog.SearchAsync(prediction, top: 20);
        }
    }
    // end of example

    [Fact]
    public void Finder_is_the_one_that_is_shown() => AssertShown("finder", "docs/guide/aspnetcore.md");

    [Fact]
    public async Task Generator()
    {
        (IStemAffinity model, AudioClip mix, AudioClip bass) = _given;
        // Example: generator
        using IEmbeddingGenerator<AudioClip, Embedding<float>> generator = new StemEmbeddingGenerator(model);
        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync([mix, bass]);
        // end of example
        Assert.Equal(2, embeddings.Count);
        AssertShown("generator", "docs/guide/aspnetcore.md");
    }

    [Fact]
    public async Task Store()
    {
        (IStemAffinity model, AudioClip mix, AudioClip bass) = _given;
        string catalogues = _folder.PathOf("catalogues");
        var found = new List<string>();
        // Example: store
        using VectorStore store = new StemVectorStore(catalogues, model.Model);
        VectorStoreCollection<string, StemRecord> loops = store.GetCollection<string, StemRecord>("loops");
        await loops.EnsureCollectionExistsAsync();
        await loops.UpsertAsync(StemRecord.From(new CatalogEntry { Id = "bass.wav", Stem = Stem.Bass, Tempo = 120 }, model.Embed(bass)));

        var options = new VectorSearchOptions<StemRecord>
        {
            Filter = record => record.Stem == "bass" && record.Tempo >= 114 && record.Tempo <= 126,
        };
        await foreach (VectorSearchResult<StemRecord> result in loops.SearchAsync(model.Predict(mix, Stem.Bass), top: 20, options))
            Console.WriteLine($"{result.Record.Id} {result.Score:0.000}");
        // end of example
        await foreach (VectorSearchResult<StemRecord> result in loops.SearchAsync(model.Predict(mix, Stem.Bass), top: 20, options))
            found.Add(result.Record.Id);
        Assert.Equal(["bass.wav"], found);
        AssertShown("store", "docs/guide/aspnetcore.md");
    }

    [Fact]
    public async Task Other_store()
    {
        (IStemAffinity model, AudioClip mix, AudioClip bass) = _given;
        using VectorStore anyStore = new StemVectorStore(_folder.PathOf("store"), model.Model);
        // Example: other store
        VectorStoreCollectionDefinition definition = StemRecord.Definition(model.Model.EmbeddingLength);
        var catalog = new VectorStoreCatalog(anyStore.GetCollection<string, StemRecord>("loops", definition));
        await catalog.IndexAsync([(new CatalogEntry { Id = "bass.wav", Stem = Stem.Bass }, model.Embed(bass))]);
        var filter = new CatalogFilter { Stem = Stem.Bass };
        IReadOnlyList<CatalogMatch> found = await catalog.SearchAsync(model.Predict(mix, Stem.Bass), top: 20, filter);
        // end of example
        Assert.Equal("bass.wav", Assert.Single(found).Entry.Id);
        AssertShown("other store", "docs/guide/aspnetcore.md");
    }

    /// <summary>Looks for an example of this file, without its indentation, in documents.</summary>
    private static void AssertShown(string name, params string[] documents)
    {
        string source = File.ReadAllText(Repository.PathOf("tests/StemJepa.Extensions.Tests/ExampleTests.cs")).ReplaceLineEndings("\n");
        string start = $"// Example: {name}\n";
        int from = source.IndexOf(start, StringComparison.Ordinal) + start.Length;
        int to = source.IndexOf("// end of example", from, StringComparison.Ordinal);
        string[] lines = source[from..to].TrimEnd().Split('\n');
        int indentation = lines[0].Length - lines[0].TrimStart().Length;
        string example = string.Join('\n', lines.Select(line => line.Length == 0 ? "" : line[indentation..]));
        Assert.All(documents, document =>
            Assert.Contains($"\n{example}\n", File.ReadAllText(Repository.PathOf(document)).ReplaceLineEndings("\n")));
    }
}
