using StemJepa.TestSupport;

namespace StemJepa.Catalog.Tests;

/// <summary>The example of docs/guide/catalog.md, as it stands there.</summary>
public sealed class CatalogPageTests
{
    [Fact]
    public void The_example_runs_and_is_the_one_on_the_page()
    {
        using var folder = new TemporaryFolder();
        string mix = Golden.PathOf("mix.wav"), bass = Golden.PathOf("vocals.wav"), library = folder.PathOf("library");
        IReadOnlyList<CatalogMatch> found;
        using StemAffinity model = StemAffinity.Load(GoldenModel.Folder);

        // Example: from here
        using (CatalogWriter writer = CatalogWriter.Open(library, model.Model))
        {
            writer.Set(new CatalogEntry { Id = bass, Stem = Stem.Bass, Tempo = 120 }, model.Embed(AudioClip.Load(bass)));
            writer.Commit();
        }
        using StemCatalog catalog = StemCatalog.Open(library, model.Model);
        StemEmbedding prediction = model.Predict(AudioClip.Load(mix), Stem.Bass);
        found = catalog.Search(prediction, top: 20, new CatalogFilter { Stem = Stem.Bass, MinimumTempo = 114, MaximumTempo = 126 });
        // to here

        Assert.Equal(bass, Assert.Single(found).Entry.Id);
        string source = File.ReadAllText(Repository.PathOf("tests/StemJepa.Catalog.Tests/CatalogPageTests.cs"));
        int from = source.IndexOf("// Example: from here", StringComparison.Ordinal) + 21;
        string example = source[from..source.IndexOf("// to here", StringComparison.Ordinal)];
        string page = File.ReadAllText(Repository.PathOf("docs/guide/catalog.md"));
        string[] lines = example.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Contains(line, page));
    }
}
