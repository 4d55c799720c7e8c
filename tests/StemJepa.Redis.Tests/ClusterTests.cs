using StackExchange.Redis;
using StemJepa.Catalog.Tests;
using StemJepa.TestSupport;
using StemJepa.Tool.Tests;

namespace StemJepa.Redis.Tests;

/// <summary>A catalogue spread over three servers. Oracle: the catalogue in a folder.</summary>
public sealed class ClusterTests(GarnetCluster cluster) : IClassFixture<GarnetCluster>
{
    private const int Count = 300, Shards = 6;
    private static readonly VectorSetSearch Exact = new() { IsExact = true };
    private static readonly VectorSetSearch[] Both = [new(), Exact];

    [Fact]
    public async Task Answers_equal_the_folders_and_every_server_holds_its_share()
    {
        using var folder = new TemporaryFolder();
        (CatalogEntry[] entries, StemEmbedding[] embeddings) = Recordings();
        using StemCatalog expected = Vectors.InFolder(folder.PathOf("catalogue"), Samples.Model(), entries, embeddings);
        await using VectorSetCatalog catalog = await FillAsync("equal");
        for (int query = 0; query < 8; query++)
        {
            StemEmbedding prediction = Samples.Embedding(20_000 + query);
            foreach (CatalogFilter? filter in new[] { null, new CatalogFilter { Stem = Stem.Other, IncludeUnknownStem = true },
                new CatalogFilter { MaximumTempo = 100 } })
            {
                IReadOnlyList<CatalogMatch> best = expected.Search(prediction, 10, filter);
                Vectors.AssertSame(best, (await catalog.SearchAsync(prediction, 10, filter, Exact)).Matches);
                Assert.True(Vectors.Recall(best, (await catalog.SearchAsync(prediction, 10, filter)).Matches) >= 0.9);
            }
        }
        foreach (GarnetServer server in cluster.Servers)
        {
            await using ConnectionMultiplexer connection =
                await ConnectionMultiplexer.ConnectAsync($"{server.Endpoint},protocol=resp2,allowAdmin=true");
            string[] keys = (string[])(await connection.GetServer(server.Endpoint).ExecuteAsync("KEYS", "stemjepa:{equal/*:set:other"))!;
            Assert.Equal(Shards / 3, keys.Length);
        }
    }

    [Fact]
    public async Task A_lost_server_is_a_typed_error_or_a_partial_answer_and_coming_back_it_has_lost_nothing()
    {
        await using VectorSetCatalog catalog = await FillAsync("lost");
        (CatalogEntry[] entries, StemEmbedding[] embeddings) = Recordings();
        StemEmbedding prediction = Samples.Embedding(20_000);
        IReadOnlyList<CatalogMatch> whole = (await catalog.SearchAsync(prediction, Count, search: Exact)).Matches;
        int[] lost = [.. Enumerable.Range(0, Shards).Where(shard => cluster.NodeOf(CatalogKeys.Tag("lost", shard, Shards)) == 1)];
        Assert.Equal(Shards / 3, lost.Length);
        bool IsLost(string id) => lost.Contains(RecordingKey.Of(System.Text.Encoding.UTF8.GetBytes(id)).ShardOf(Shards));
        string gone = entries.First(entry => IsLost(entry.Id)).Id, there = entries.First(entry => !IsLost(entry.Id)).Id;
        cluster.Servers[1].Kill();
        try
        {
            foreach (VectorSetSearch search in Both)
            {
                CatalogUnavailableException error =
                    await Assert.ThrowsAsync<CatalogUnavailableException>(() => catalog.SearchAsync(prediction, 10, search: search));
                Assert.Equal(lost, error.Shards.Select(shard => shard.Number));
                Assert.All(error.Shards, shard => Assert.Equal(cluster.Servers[1].Endpoint, shard.Endpoint));
                Assert.Contains(cluster.Servers[1].Endpoint, error.Message);

                VectorSetAnswer partial = await catalog.SearchAsync(prediction, Count, search: search with { AllowPartial = true });
                Assert.Equal(lost, partial.Missing.Select(shard => shard.Number));
                Assert.False(partial.IsComplete);
                Vectors.AssertSame([.. whole.Where(match => !IsLost(match.Entry.Id))], partial.Matches);
            }
            Assert.Equal(lost.Intersect([RecordingKey.Of(System.Text.Encoding.UTF8.GetBytes(gone)).ShardOf(Shards)]),
                (await Assert.ThrowsAsync<CatalogUnavailableException>(() => catalog.GetAsync(gone))).Shards.Select(shard => shard.Number));
            await Assert.ThrowsAsync<CatalogUnavailableException>(() => catalog.SetAsync(new CatalogEntry { Id = gone }, embeddings[0]));
            await Assert.ThrowsAsync<CatalogUnavailableException>(() => catalog.RemoveAsync(gone));
            await Assert.ThrowsAsync<CatalogUnavailableException>(() => catalog.CountAsync());
            Assert.NotNull(await catalog.GetAsync(there));
        }
        finally
        {
            await cluster.Servers[1].RestartAsync();
        }
        await using VectorSetCatalog again = await VectorSetCatalog.OpenAsync(cluster.Address("lost"), Samples.Model());
        Vectors.AssertSame(whole, (await again.SearchAsync(prediction, Count, search: Exact)).Matches);
        Vectors.AssertSame(whole, (await again.SearchAsync(prediction, Count)).Matches);
    }

    [Fact]
    public async Task The_tool_answers_in_part_where_it_is_told_to()
    {
        using var folder = new TemporaryFolder();
        string library = folder.PathOf("library"), mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        Directory.CreateDirectory(library);
        for (int i = 0; i < 12; i++)
            TestWav.Tone(Path.Combine(library, $"{i} bass.wav"), 50 + 10 * i);
        string name = Enumerable.Range(0, 100).Select(i => $"tool{i}").First(name => cluster.NodeOf(name) != 1),
            address = cluster.Address(name);
        Assert.Equal(0, (await ToolRun.WithModel("index", library, "--to", $"{address}?shards={Shards}")).ExitCode);
        string[] search = ["search", mix, "--stem", "bass", "--in", address, "--json"];
        string[] whole = Files(await ToolRun.WithModel(search));
        Assert.Equal(12, whole.Length);
        bool IsLost(string file) =>
            cluster.NodeOf(CatalogKeys.Tag(name, RecordingKey.Of(System.Text.Encoding.UTF8.GetBytes(file)).ShardOf(Shards), Shards)) == 1;
        cluster.Servers[1].Kill();
        try
        {
            (await ToolRun.WithModel(search)).IsRefused(1, cluster.Servers[1].Endpoint);
            ToolResult partial = await ToolRun.WithModel([.. search, "--partial"]);
            Assert.Equal(0, partial.ExitCode);
            Assert.Equal(whole.Where(file => !IsLost(file)), Files(partial));
            Assert.Equal(Shards / 3, partial.HasNoStackTrace().Error.Split('\n')
                .Count(line => line.StartsWith("warning: shard ") && line.Contains(cluster.Servers[1].Endpoint)));
        }
        finally
        {
            await cluster.Servers[1].RestartAsync();
        }
        Assert.Equal(whole, Files(await ToolRun.WithModel(search)));
    }

    private static string[] Files(ToolResult result) =>
        [.. result.Json.GetProperty("results").EnumerateArray().Select(ranked => ranked.GetProperty("file").GetString()!)];

    private static (CatalogEntry[] Entries, StemEmbedding[] Embeddings) Recordings() =>
        ([.. Enumerable.Range(0, Count).Select(i => Samples.Entry($"{i}", i) with { IsSilent = false })],
        Vectors.Many(Count, Samples.Length, clustered: true));

    private async Task<VectorSetCatalog> FillAsync(string name)
    {
        VectorSetCatalog catalog =
            await VectorSetCatalog.OpenOrCreateAsync(cluster.Address(name), Samples.Model(), new VectorSetOptions { Shards = Shards });
        (CatalogEntry[] entries, StemEmbedding[] embeddings) = Recordings();
        await catalog.SetAsync(entries.Zip(embeddings));
        return catalog;
    }
}
