using StemJepa.Catalog.Tests;
using StemJepa.TestSupport;
using Xunit.Abstractions;

namespace StemJepa.Redis.Tests;

/// <summary>Oracle: the catalogue in a folder, which is exact.</summary>
[Collection(OneServer.Name)]
public sealed class VectorSetSearchTests(OneServer one, ITestOutputHelper output) : IDisposable
{
    private const int Length = 640;
    private static readonly VectorSetSearch Exact = new() { IsExact = true };
    private readonly TemporaryFolder _folder = new();

    private static readonly CatalogFilter?[] Filters =
    [
        null,
        new() { Stem = Stem.Bass },
        new() { Stem = Stem.Vocals, IncludeUnknownStem = true },
        new() { Stem = Stem.Parse("guitar") },
        new() { Stem = Stem.Parse("strings"), IncludeUnknownStem = true },
        new() { MinimumTempo = 100, MaximumTempo = 105 },
        new() { Stem = Stem.Drums, MinimumSeconds = 10, Keys = [.. new MusicalKey(9, true).Compatible()] },
        new() { Tags = ["loop", "naïve"], Path = "/music/a/*" },
        new() { Path = "/Music/A/*", IgnorePathCase = true },
        new() { IncludeSilent = true },
        new() { Tags = ["none has this one"] },
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 1, 500)]
    [InlineData(true, 5, 800)]
    public async Task Exact_search_equals_the_folders_and_approximate_search_finds_95_percent(bool clustered, int shards, int count)
    {
        ModelInfo model = Samples.Model(Length);
        StemEmbedding[] embeddings = Vectors.Many(count, Length, clustered);
        CatalogEntry[] entries = [.. Enumerable.Range(0, count).Select(i => Samples.Entry($"{i}", i))];
        using StemCatalog expected = Vectors.InFolder(_folder.PathOf("catalogue"), model, entries, embeddings);
        await using VectorSetCatalog catalog = await VectorSetCatalog.OpenOrCreateAsync(one.NewAddress() + $"?shards={shards}", model);
        await catalog.SetAsync(entries.Zip(embeddings));
        Assert.Equal((shards, (long)count), (catalog.Shards, await catalog.CountAsync()));

        StemEmbedding[] queries = Vectors.Many(12, Length, clustered, seed: 10_000);
        foreach (CatalogFilter? filter in Filters)
        {
            double recall = 0;
            int asked = 0;
            foreach (StemEmbedding query in queries)
            {
                IReadOnlyList<CatalogMatch> best = expected.Search(query, 10, filter);
                VectorSetAnswer exact = await catalog.SearchAsync(query, 10, filter, Exact);
                Assert.True(exact.IsComplete);
                Vectors.AssertSame(best, exact.Matches);

                IReadOnlyList<CatalogMatch> found = (await catalog.SearchAsync(query, 10, filter)).Matches;
                Assert.All(found, match => Assert.Equal(query.Similarity(embeddings[int.Parse(match.Entry.Id)]), match.Affinity, 1e-6));
                Assert.Equal(found.OrderByDescending(match => match.Affinity), found);
                if (best.Count == 0)
                    Assert.Empty(found);
                else
                    (recall, asked) = (recall + Vectors.Recall(best, found), asked + 1);
            }
            output.WriteLine($"recall@10 {recall / asked:0.000} over {asked} queries, {filter}");
            Assert.True(asked == 0 || recall / asked >= 0.95, $"recall@10 is {recall / asked} with {filter}");
        }
    }

    /// <summary>One set, larger than what a search weighs.</summary>
    [Theory]
    [InlineData(true, 0.95)]
    [InlineData(false, 0.9)]
    public async Task A_large_set_is_searched_with_the_recall_that_the_page_promises(bool clustered, double least)
    {
        const int count = 2500, queries = 20;
        StemEmbedding[] embeddings = Vectors.Many(count, Length, clustered);
        await using VectorSetCatalog catalog =
            await VectorSetCatalog.OpenOrCreateAsync(one.NewAddress(), Samples.Model(Length), new VectorSetOptions { Shards = 1 });
        await catalog.SetAsync(embeddings.Select((embedding, i) => (new CatalogEntry { Id = $"{i}", Stem = Stem.Bass }, embedding)));
        double recall = 0;
        foreach (StemEmbedding query in Vectors.Many(queries, Length, clustered, seed: 10_000))
            recall += Vectors.Recall((await catalog.SearchAsync(query, search: Exact)).Matches,
                (await catalog.SearchAsync(query)).Matches) / queries;
        output.WriteLine($"recall@10 is {recall:0.000}, clustered: {clustered}");
        Assert.True(recall >= least, $"recall@10 is {recall}");
        await catalog.DeleteAsync();
    }

    [Fact]
    public async Task All_are_returned_where_all_are_asked_for()
    {
        const int count = 150;
        ModelInfo model = Samples.Model();
        StemEmbedding[] embeddings = Vectors.Many(count, Samples.Length, clustered: false);
        CatalogEntry[] entries = [.. Enumerable.Range(0, count).Select(i => Samples.Entry($"{i}", i) with { IsSilent = false })];
        using StemCatalog expected = Vectors.InFolder(_folder.PathOf("catalogue"), model, entries, embeddings);
        await using VectorSetCatalog catalog =
            await VectorSetCatalog.OpenOrCreateAsync(one.NewAddress(), model, new VectorSetOptions { Shards = 3 });
        await catalog.SetAsync(entries.Zip(embeddings));
        StemEmbedding query = Samples.Embedding(20_000);
        Vectors.AssertSame(expected.Search(query, 1000), (await catalog.SearchAsync(query, 1000)).Matches);
        Vectors.AssertSame(expected.Search(query, 1000), (await catalog.SearchAsync(query, 1000, search: Exact)).Matches);
    }

    [Fact]
    public async Task A_sample_is_of_the_recordings_that_pass_with_their_affinities_and_the_same_again()
    {
        const int count = 400;
        ModelInfo model = Samples.Model();
        StemEmbedding[] embeddings = Vectors.Many(count, Samples.Length, clustered: false);
        await using VectorSetCatalog catalog =
            await VectorSetCatalog.OpenOrCreateAsync(one.NewAddress(), model, new VectorSetOptions { Shards = 2 });
        await catalog.SetAsync(embeddings.Select((embedding, i) =>
            (new CatalogEntry { Id = $"{i}", Stem = Stem.Roles[i % 4] }, embedding)));
        StemEmbedding query = Samples.Embedding(20_000);
        var basses = new CatalogFilter { Stem = Stem.Bass };
        IReadOnlyList<CatalogMatch> drawn = await catalog.SampleAsync(query, 60, basses);
        Assert.Equal(60, drawn.Select(match => match.Entry.Id).Distinct().Count());
        Assert.All(drawn, match =>
        {
            Assert.Equal(Stem.Bass, match.Entry.Stem);
            Assert.Equal(query.Similarity(embeddings[int.Parse(match.Entry.Id)]), match.Affinity, 1e-6);
        });
        // Those of the best alone would lie far above the mean of all.
        float mean = embeddings.Where((_, i) => i % 4 == 0).Average(query.Similarity);
        Assert.Equal(mean, drawn.Average(match => match.Affinity), 0.05f);
        Assert.Equal(drawn.Select(match => match.Entry.Id), (await catalog.SampleAsync(query, 60, basses)).Select(match => match.Entry.Id));
        Assert.Equal(100, (await catalog.SampleAsync(query, 1000, basses)).Count);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => catalog.SampleAsync(query, 0));
    }

    [Fact]
    public async Task Equal_affinities_are_ordered_by_id_and_silence_is_found_only_where_it_is_asked_for()
    {
        await using VectorSetCatalog catalog = await VectorSetCatalog.OpenOrCreateAsync(one.NewAddress(), Samples.Model());
        foreach (string id in new[] { "b", "c", "a" })
            await catalog.SetAsync(new CatalogEntry { Id = id }, Samples.Embedding(1));
        await catalog.SetAsync(new CatalogEntry { Id = "constant" }, new StemEmbedding(new float[Samples.Length]));
        await catalog.SetAsync(new CatalogEntry { Id = "silent", IsSilent = true }, Samples.Embedding(1));
        async Task<string[]> Find(CatalogFilter? filter, VectorSetSearch search) =>
            [.. (await catalog.SearchAsync(Samples.Embedding(1), 10, filter, search)).Matches.Select(match => match.Entry.Id)];
        Assert.Equal(["a", "b", "c"], await Find(null, new()));
        Assert.Equal(["a", "b", "c", "constant"], await Find(null, Exact));
        Assert.Equal(["a", "b", "c", "silent", "constant"], await Find(new CatalogFilter { IncludeSilent = true }, new()));
    }
}
