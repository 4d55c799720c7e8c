using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using StemJepa.Catalog.Tests;
using StemJepa.TestSupport;

namespace StemJepa.Extensions.Tests;

/// <summary>Oracle: <see cref="StemCatalog"/> and <see cref="CatalogWriter"/> on the same folder.</summary>
public sealed class StemVectorStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StemVectorStore _store;
    private readonly VectorStoreCollection<string, StemRecord> _collection;

    public StemVectorStoreTests()
    {
        _store = new StemVectorStore(_folder.Root, Samples.Model());
        _collection = _store.GetCollection<string, StemRecord>("loops");
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Collections_are_the_subfolders_that_hold_a_catalogue()
    {
        Assert.False(await _collection.CollectionExistsAsync());
        Assert.Empty(await _store.ListCollectionNamesAsync().ToArrayAsync());
        await _collection.EnsureCollectionExistsAsync();
        await _collection.EnsureCollectionExistsAsync();
        await _store.GetCollection<string, StemRecord>("één shot").EnsureCollectionExistsAsync();
        Directory.CreateDirectory(_folder.PathOf("no catalogue"));
        Assert.Equal(["loops", "één shot"], await _store.ListCollectionNamesAsync().ToArrayAsync());
        Assert.True(await _store.CollectionExistsAsync("loops"));
        Assert.Equal(0, StemCatalog.Open(_folder.PathOf("loops"), Samples.Model()).Count);

        File.WriteAllText(_folder.PathOf("loops/mine.txt"), "stays");
        await _store.EnsureCollectionDeletedAsync("loops");
        await _collection.EnsureCollectionDeletedAsync();
        Assert.False(await _collection.CollectionExistsAsync());
        Assert.Equal(["één shot"], await _store.ListCollectionNamesAsync().ToArrayAsync());
        Assert.Equal(["lock", "mine.txt"], Directory.GetFiles(_folder.PathOf("loops")).Select(Path.GetFileName).Order());
        Assert.Empty(await new StemVectorStore(_folder.PathOf("none"), Samples.Model()).ListCollectionNamesAsync().ToArrayAsync());
    }

    [Fact]
    public async Task Records_come_back_as_they_went_in_and_are_replaced_and_deleted_by_key()
    {
        await _collection.EnsureCollectionExistsAsync();
        CatalogEntry[] entries = [.. Enumerable.Range(0, 20).Select(seed => Samples.Entry($"{seed}", seed))];
        await _collection.UpsertAsync(entries.Select((entry, seed) => StemRecord.From(entry, Samples.Embedding(seed))));
        StemRecord record = (await _collection.GetAsync("3", new RecordRetrievalOptions { IncludeVectors = true }))!;
        Assert.Equal(Samples.Describe(entries[3]), Samples.Describe(record.ToEntry()));
        Assert.Equal(1, record.ToEmbedding().Similarity(Samples.Embedding(3)), 1e-6f);
        Assert.True((await _collection.GetAsync("3"))!.Vector.IsEmpty);
        Assert.Null(await _collection.GetAsync("no such"));
        Assert.Equal(["5", "1"], await _collection.GetAsync(["5", "no such", "1"]).Select(found => found.Id).ToArrayAsync());

        await _collection.UpsertAsync(new StemRecord { Id = "3", Tempo = 99, Vector = Samples.Embedding(1).Vector });
        await _collection.DeleteAsync("4");
        await _collection.DeleteAsync(["5", "no such", "6"]);
        Assert.Equal(99, (await _collection.GetAsync("3"))!.Tempo);
        using StemCatalog catalog = StemCatalog.Open(_folder.PathOf("loops"));
        Assert.Equal(entries.Select(entry => entry.Id).Except(["3", "4", "5", "6"]).Append("3"),
            catalog.Entries().Select(entry => entry.Id));
    }

    [Theory]
    [InlineData(CatalogPrecision.Single)]
    [InlineData(CatalogPrecision.Int8)]
    public async Task A_search_is_the_catalogue_s_with_pages_and_thresholds(CatalogPrecision precision)
    {
        using var other = new StemVectorStore(_folder.Root, Samples.Model(), new StemVectorStoreOptions { Precision = precision });
        VectorStoreCollection<string, StemRecord> kept = other.GetCollection<string, StemRecord>("kept");
        await kept.EnsureCollectionExistsAsync();
        await kept.UpsertAsync(Enumerable.Range(0, 300)
            .Select(seed => StemRecord.From(Samples.Entry($"{seed}", seed), Samples.Embedding(seed))));
        using StemCatalog catalog = StemCatalog.Open(_folder.PathOf("kept"));
        Assert.Equal(precision, catalog.Precision);
        StemEmbedding query = Samples.Embedding(-1);
        (string, double?)[] expected = [.. catalog.Search(query, 50, new CatalogFilter { IncludeSilent = true })
            .Select(match => (match.Entry.Id, (double?)match.Affinity))];

        Assert.Equal(expected, await Search(query, 50));
        Assert.Equal(expected[7..27], await Search(query, 20, new() { Skip = 7 }));
        Assert.Equal(expected[..10], await Search(query, 50, new() { ScoreThreshold = expected[9].Item2 }));
        Assert.Equal(expected, await Search(query, 50, new() { IncludeVectors = true, VectorProperty = record => record.Vector }));
        Assert.Empty(await Search(query, 5, new() { Skip = 1000 }));
        foreach (object sameQuery in new object[] { new Embedding<float>(query.Vector), query.Vector, query.Vector.ToArray() })
            Assert.Equal(expected, await Search(sameQuery, 50));
        Assert.All(await kept.SearchAsync(query, 50, new() { IncludeVectors = true }).ToArrayAsync(),
            result => Assert.Equal(result.Score!.Value, query.Similarity(result.Record.ToEmbedding()), 3e-5));

        async Task<(string, double?)[]> Search(object value, int top, VectorSearchOptions<StemRecord>? options = null) =>
            await kept.SearchAsync(value, top, options).Select(result => (result.Record.Id, result.Score)).ToArrayAsync();
    }

    [Fact]
    public async Task Filtered_reads_are_sorted_and_paged()
    {
        await _collection.EnsureCollectionExistsAsync();
        StemRecord[] records =
            [.. Enumerable.Range(0, 60).Select(seed => StemRecord.From(Samples.Entry($"{seed}", seed), Samples.Embedding(seed)))];
        await _collection.UpsertAsync(records);
        string[] expected = [.. records.Where(record => record.Seconds < 250).OrderBy(record => record.Key, StringComparer.Ordinal)
            .ThenByDescending(record => record.Tempo).Select(record => record.Id)];
        var options = new FilteredRecordRetrievalOptions<StemRecord>
        {
            OrderBy = order => order.Ascending(record => record.Key).Descending(record => record.Tempo),
            Skip = 3,
            IncludeVectors = true,
        };
        StemRecord[] found = await _collection.GetAsync(record => record.Seconds < 250, 10, options).ToArrayAsync();
        Assert.Equal(expected[3..13], found.Select(record => record.Id));
        Assert.All(found, record => Assert.Equal(1, record.ToEmbedding().Similarity(Samples.Embedding(int.Parse(record.Id))), 1e-6f));
        Assert.Equal(["0", "1"], await _collection.GetAsync(_ => true, 2).Select(record => record.Id).ToArrayAsync());
        Assert.Throws<NotSupportedException>(() =>
            _collection.GetAsync(_ => true, 2, new() { OrderBy = order => order.Ascending(record => record.Tags) }));
        Assert.Throws<NotSupportedException>(() =>
            _collection.GetAsync(_ => true, 2, new() { OrderBy = order => order.Ascending(record => record.Path!.Length) }));
    }

    [Fact]
    public async Task A_batch_is_one_commit_or_none()
    {
        await _collection.EnsureCollectionExistsAsync();
        using StemCatalog reader = StemCatalog.Open(_folder.PathOf("loops"));
        long generation = reader.Generation;
        await _collection.UpsertAsync(Enumerable.Range(0, 100).Select(Record));
        Assert.True(reader.Refresh());
        Assert.Equal((generation + 1, 100), (reader.Generation, reader.Count));

        StemRecord[] wrong =
        [
            new() { Id = "", Vector = Samples.Embedding(1).Vector }, new() { Id = "x" },
                new() { Id = "x", Vector = new float[] { 1, 2, 3, 4, float.NaN } },
            new() { Id = "x", Stem = "low brass", Vector = Samples.Embedding(1).Vector },
                new() { Id = "x", Key = "am", Vector = Samples.Embedding(1).Vector },
            new() { Id = "x", Tempo = -1, Vector = Samples.Embedding(1).Vector },
                new() { Id = "\uD800", Vector = Samples.Embedding(1).Vector },
            new() { Id = "x", Tags = ["a\0b"], Vector = Samples.Embedding(1).Vector },
                new() { Id = "x", ContentHash = "12", Vector = Samples.Embedding(1).Vector },
        ];
        foreach (StemRecord record in wrong)
            await Assert.ThrowsAnyAsync<ArgumentException>(() => _collection.UpsertAsync([Record(200), record]));
        await Assert.ThrowsAsync<ArgumentException>(() => _collection.UpsertAsync([Record(200), null!]));
        VectorStoreException error = await Assert.ThrowsAsync<VectorStoreException>(() =>
            _collection.UpsertAsync([Record(200), new() { Id = "x", Vector = new float[65] }]));
        Assert.Equal(("stemjepa", _folder.PathOf("loops"), "loops", "UpsertAsync"),
            (error.VectorStoreSystemName, error.VectorStoreName, error.CollectionName, error.OperationName));
        Assert.IsType<StemJepaException>(error.InnerException);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _collection.UpsertAsync([Record(200)], new CancellationToken(canceled: true)));
        await _collection.UpsertAsync([]);
        Assert.False(reader.Refresh());
    }

    [Fact]
    public async Task Reads_see_what_another_writer_has_committed_and_changes_wait_for_it()
    {
        await _collection.EnsureCollectionExistsAsync();
        Task waiting;
        using (CatalogWriter writer = CatalogWriter.Open(_folder.PathOf("loops"), Samples.Model()))
        {
            writer.Set(new CatalogEntry { Id = "other" }, Samples.Embedding(1));
            Assert.Null(await _collection.GetAsync("other"));
            writer.Commit();
            Assert.NotNull(await _collection.GetAsync("other"));
            waiting = _collection.UpsertAsync(Record(7));
            using var hasty = new StemVectorStore(_folder.Root, Samples.Model(), new StemVectorStoreOptions { Patience = TimeSpan.Zero });
            VectorStoreException error =
                await Assert.ThrowsAsync<VectorStoreException>(() => hasty.GetCollection<string, StemRecord>("loops").DeleteAsync("other"));
            Assert.StartsWith($"{_folder.PathOf("loops")} is being written by another program", error.Message);
            await Assert.ThrowsAsync<VectorStoreException>(() => hasty.EnsureCollectionDeletedAsync("loops"));
            Assert.False(waiting.IsCompleted);
        }
        await waiting;
        Assert.Equal(["other", "7"], await _collection.GetAsync(_ => true, 10).Select(record => record.Id).ToArrayAsync());
    }

    [Fact]
    public async Task Many_callers_change_and_read_at_once_and_nothing_is_lost()
    {
        const int callers = 8, changes = 6;
        await _collection.EnsureCollectionExistsAsync();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            VectorStoreCollection<string, StemRecord> own = _store.GetCollection<string, StemRecord>("loops");
            for (int change = 0; change < changes; change++)
            {
                int first = 2 * (caller * changes + change);
                await own.UpsertAsync([Record(first), Record(first + 1)]);
                Assert.Equal([$"{first}", $"{first + 1}"],
                    await own.GetAsync([$"{first}", $"{first + 1}"]).Select(record => record.Id).ToArrayAsync());
                VectorSearchResult<StemRecord>[] found =
                    await own.SearchAsync(Samples.Embedding(first), 1000, new() { IncludeVectors = true }).ToArrayAsync();
                Assert.Equal($"{first}", found[0].Record.Id);
                Assert.True(found.Length % 2 == 0, "half a batch was seen");
                Assert.All(found, result =>
                    Assert.Equal(1, result.Record.ToEmbedding().Similarity(Samples.Embedding(int.Parse(result.Record.Id))), 1e-6f));
                await own.DeleteAsync([$"{first}", $"{first + 1}"]);
            }
        })));
        Assert.Empty(await _collection.GetAsync(_ => true, 1000).ToArrayAsync());
    }

    [Fact]
    public async Task A_collection_that_does_not_exist_is_an_error_and_is_not_made()
    {
        foreach (Func<Task> use in new Func<Task>[]
        {
            () => _collection.GetAsync("a"), () => _collection.UpsertAsync(Record(1)), () => _collection.DeleteAsync("a"),
            async () => await _collection.SearchAsync(Samples.Embedding(1), 1).ToArrayAsync(), async () =>
                await _collection.GetAsync(_ => true, 1).ToArrayAsync(),
        })
            Assert.Contains("loops", (await Assert.ThrowsAsync<VectorStoreException>(use)).Message);
        Assert.False(Directory.Exists(_folder.PathOf("loops")));
        await _collection.EnsureCollectionExistsAsync();
        await _collection.UpsertAsync(Record(1));
        Assert.NotNull(await _collection.GetAsync("1"));
        await _store.EnsureCollectionDeletedAsync("loops");
        await Assert.ThrowsAsync<VectorStoreException>(() => _collection.GetAsync("1"));
        await _collection.EnsureCollectionExistsAsync();
        Assert.Null(await _collection.GetAsync("1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../loops")]
    [InlineData("a/b")]
    [InlineData(@"a\b")]
    [InlineData("/etc")]
    [InlineData("C:")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a*")]
    [InlineData("a.")]
    [InlineData(".hidden")]
    [InlineData("nul")]
    [InlineData("Com1.txt")]
    [InlineData("a|b")]
    public async Task Names_that_are_no_folder_s_everywhere_are_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => _store.GetCollection<string, StemRecord>(name));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.CollectionExistsAsync(name));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.EnsureCollectionDeletedAsync(name));
        Assert.Throws<ArgumentException>(() => _store.GetCollection<string, StemRecord>(new string('é', 101)));
    }

    [Fact]
    public async Task Other_types_models_and_queries_are_refused_by_name()
    {
        Assert.Contains("Guid", Assert.Throws<NotSupportedException>(() => _store.GetCollection<Guid, StemRecord>("loops")).Message);
        Assert.Contains("Uri", Assert.Throws<NotSupportedException>(() => _store.GetCollection<string, Uri>("loops")).Message);
        Assert.Throws<NotSupportedException>(() => _store.GetDynamicCollection("loops", StemRecord.Definition(Samples.Length)));
        Assert.Throws<ArgumentException>(() =>
            _store.GetCollection<string, StemRecord>("loops", StemRecord.Definition(Samples.Length + 5)));
        Assert.Contains("String", Assert.Throws<NotSupportedException>(() => _collection.SearchAsync("a text", 1)).Message);
        Assert.Throws<NotSupportedException>(() =>
            _collection.SearchAsync(Samples.Embedding(1), 1, new() { VectorProperty = record => record.Tags }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _collection.SearchAsync(Samples.Embedding(1), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _collection.GetAsync(_ => true, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new StemVectorStore(_folder.Root, Samples.Model(), new StemVectorStoreOptions { Patience = TimeSpan.FromSeconds(-1) }));
        await _collection.EnsureCollectionExistsAsync();
        await Assert.ThrowsAsync<VectorStoreException>(async () =>
            await _collection.SearchAsync(Samples.Embedding(1, 65), 1).ToArrayAsync());
        using var other = new StemVectorStore(_folder.Root, Samples.Model(65));
        await Assert.ThrowsAsync<VectorStoreException>(() =>
            other.GetCollection<string, StemRecord>("loops").EnsureCollectionExistsAsync());
        await Assert.ThrowsAsync<VectorStoreException>(() => other.GetCollection<string, StemRecord>("loops").GetAsync("a"));
        Assert.Equal("stemjepa", ((VectorStoreMetadata)_store.GetService(typeof(VectorStoreMetadata))!).VectorStoreSystemName);
        Assert.Equal("loops",
            ((VectorStoreCollectionMetadata)_collection.GetService(typeof(VectorStoreCollectionMetadata))!).CollectionName);
    }

    private static StemRecord Record(int seed) => StemRecord.From(new CatalogEntry { Id = $"{seed}" }, Samples.Embedding(seed));
}
