using Microsoft.Extensions.VectorData;
using StemJepa.Catalog.Tests;
using StemJepa.TestSupport;

namespace StemJepa.Extensions.Tests;

/// <summary>The same recordings in another's store, in ours, and in the embedded catalogue itself: oracle is the last.</summary>
public sealed class VectorStoreCatalogTests : IDisposable
{
    private const int Count = 300;
    private readonly TemporaryFolder _folder = new();
    private readonly StemVectorStore _store;
    private readonly StemCatalog _oracle;
    private readonly (CatalogEntry Entry, StemEmbedding Embedding)[] _recordings =
        [.. Enumerable.Range(0, Count).Select(seed => (Samples.Entry($"{seed}", seed), Samples.Embedding(seed)))];

    public VectorStoreCatalogTests()
    {
        _store = new StemVectorStore(_folder.PathOf("store"), Samples.Model());
        using (CatalogWriter writer = CatalogWriter.Open(_folder.PathOf("oracle"), Samples.Model()))
        {
            foreach ((CatalogEntry entry, StemEmbedding embedding) in _recordings)
                writer.Set(entry, embedding);
            writer.Commit();
        }
        _oracle = StemCatalog.Open(_folder.PathOf("oracle"));
    }

    public void Dispose()
    {
        _oracle.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<CatalogFilter?> Filters => new()
    {
        null,
        new CatalogFilter(),
        new CatalogFilter { IncludeSilent = true },
        new CatalogFilter { Stem = Stem.Bass, MinimumTempo = 80, MaximumTempo = 140 },
        new CatalogFilter { MinimumTempo = 150, MaximumTempo = 160, IncludeHalfAndDoubleTempo = true, IncludeUnknownTempo = true },
        new CatalogFilter { Stem = Stem.Vocals, IncludeUnknownStem = true, MinimumSeconds = 20, MaximumSeconds = 200 },
        new CatalogFilter { Keys = new MusicalKey(9, isMinor: true).Compatible() },
        new CatalogFilter { Tags = ["loop", "naïve"], IncludeSilent = true },
        new CatalogFilter { Path = "/music/a/*" },
        new CatalogFilter { Path = "*7 ♪.wav" },
        new CatalogFilter { Path = "*/b/*", Stem = Stem.Drums },
        new CatalogFilter { Path = "/music/a/17 ♪.wav" },
        new CatalogFilter { Path = "*" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Searches_find_what_the_embedded_catalogue_finds(CatalogFilter? filter)
    {
        foreach (VectorStoreCollection<string, StemRecord> collection in new[] { new ListCollection(), Ours() })
        {
            var catalog = new VectorStoreCatalog(collection);
            await catalog.IndexAsync(_recordings);
            StemEmbedding query = Samples.Embedding(-1);
            IReadOnlyList<CatalogMatch> expected = _oracle.Search(query, 20, filter), found = await catalog.SearchAsync(query, 20, filter);
            Assert.Equal(expected.Select(match => Samples.Describe(match.Entry)), found.Select(match => Samples.Describe(match.Entry)));
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Affinity, pair.Second.Affinity, 2e-6f));
        }
    }

    [Fact]
    public async Task Recordings_are_found_replaced_and_removed_by_id_and_go_out_in_batches()
    {
        var list = new ListCollection();
        foreach (VectorStoreCollection<string, StemRecord> collection in new[] { list, Ours() })
        {
            var catalog = new VectorStoreCatalog(collection);
            await catalog.IndexAsync(_recordings);
            await catalog.IndexAsync([(new CatalogEntry { Id = "7", Tempo = 99 }, Samples.Embedding(8))]);
            await catalog.RemoveAsync(["8", "no such"]);
            Assert.Equal(99, (await catalog.FindAsync("7"))!.Tempo);
            Assert.Null(await catalog.FindAsync("8"));
            Assert.Equal(Samples.Describe(_recordings[9].Entry), Samples.Describe((await catalog.FindAsync("9"))!));
            Assert.Equal(Count - 1,
                (await catalog.SearchAsync(Samples.Embedding(1), 1000, new CatalogFilter { IncludeSilent = true })).Count);
        }
        Assert.Equal(2 + 1, list.Upserts);
    }

    [Fact]
    public async Task Records_that_no_catalogue_would_write_are_named()
    {
        var list = new ListCollection();
        var catalog = new VectorStoreCatalog(list);
        foreach (StemRecord wrong in new[]
        {
            new StemRecord { Id = "wrong", Stem = "low brass", Vector = new float[60] },
                new StemRecord { Id = "wrong", Key = "H", Vector = new float[60] },
            new StemRecord { Id = "wrong" }, new StemRecord { Id = "wrong", Vector = new float[7] },
        })
        {
            await list.UpsertAsync(wrong);
            StemJepaException error = await Assert.ThrowsAsync<StemJepaException>(() => catalog.SearchAsync(Samples.Embedding(1)));
            Assert.StartsWith("The collection list holds a record that cannot be used: ", error.Message);
            Assert.Contains("'wrong'", error.Message);
        }
        await list.UpsertAsync(new StemRecord { Id = "wrong", Vector = new float[65] });
        await Assert.ThrowsAsync<StemJepaException>(() => catalog.SearchAsync(Samples.Embedding(1)));
    }

    [Fact]
    public async Task Paths_that_stores_cannot_match_are_refused()
    {
        var catalog = new VectorStoreCatalog(new ListCollection());
        foreach (string pattern in new[] { "/a/*/b", "/a/?.wav", "*a*b*" })
            Assert.StartsWith($"The path's pattern '{pattern}'", (await Assert.ThrowsAsync<NotSupportedException>(() =>
                catalog.SearchAsync(Samples.Embedding(1), 1, new CatalogFilter { Path = pattern }))).Message);
        Assert.StartsWith("IgnorePathCase", (await Assert.ThrowsAsync<NotSupportedException>(() =>
            catalog.SearchAsync(Samples.Embedding(1), 1, new CatalogFilter { Path = "*a*", IgnorePathCase = true }))).Message);
    }

    private VectorStoreCollection<string, StemRecord> Ours() =>
        _store.GetCollection<string, StemRecord>("ours", StemRecord.Definition(Samples.Length));
}
