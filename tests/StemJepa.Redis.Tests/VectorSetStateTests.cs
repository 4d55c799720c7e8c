using StackExchange.Redis;
using StemJepa.Catalog.Tests;
using StemJepa.TestSupport;

namespace StemJepa.Redis.Tests;

/// <summary>What a catalogue on a server holds after changes. Oracle: a dictionary.</summary>
[Collection(OneServer.Name)]
public sealed class VectorSetStateTests(OneServer one)
{
    private static readonly VectorSetSearch Exact = new() { IsExact = true };

    [Fact]
    public async Task Adding_replacing_and_removing_leave_the_last_state_and_nothing_dead()
    {
        await using VectorSetCatalog catalog =
            await VectorSetCatalog.OpenOrCreateAsync(one.NewAddress(), Samples.Model(), new VectorSetOptions { Shards = 3 });
        var expected = new Dictionary<string, (CatalogEntry Entry, StemEmbedding Embedding)>();
        var random = new Random(5);
        for (int step = 0; step < 300; step++)
        {
            string id = $"{random.Next(40)}";
            if (random.Next(3) == 0)
            {
                Assert.Equal(expected.Remove(id), await catalog.RemoveAsync(id));
                Assert.Null(await catalog.GetAsync(id));
                continue;
            }
            expected[id] = (Samples.Entry(id, step), Samples.Embedding(step));
            await catalog.SetAsync(expected[id].Entry, expected[id].Embedding);
            Assert.Equal(Samples.Describe(expected[id].Entry), Samples.Describe((await catalog.GetAsync(id))!));
        }
        var entries = new List<CatalogEntry>();
        await foreach (CatalogEntry entry in catalog.EntriesAsync())
            entries.Add(entry);
        Assert.Equal(expected.Values.Select(pair => Samples.Describe(pair.Entry)).Order(), entries.Select(Samples.Describe).Order());
        foreach ((CatalogEntry entry, StemEmbedding embedding) in expected.Values)
        {
            StemEmbedding kept = (await catalog.GetEmbeddingAsync(entry.Id))!;
            TimeSpan? duration = entry.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            Assert.Equal((duration, entry.IsSilent), (kept.Duration, kept.IsSilent));
            Assert.Equal(1, kept.Similarity(embedding), 1e-6);
        }
        foreach (Stem stem in Samples.Stems)
        {
            var filter = new CatalogFilter { Stem = stem };
            string[] ids =
                [.. expected.Values.Where(pair => pair.Entry.Stem == stem && !pair.Entry.IsSilent).Select(pair => pair.Entry.Id).Order()];
            Assert.Equal(ids,
                (await catalog.SearchAsync(Samples.Embedding(1), 100, filter)).Matches.Select(match => match.Entry.Id).Order());
        }
        CatalogStatistics counted = await catalog.CountAllAsync();
        Assert.Equal((expected.Count, 0, 3), (counted.Recordings, counted.Dead, counted.Segments));
        Assert.Equal(expected.Values.Count(pair => pair.Entry.Tempo is not null), counted.KnownTempo);
        Assert.Equal(expected.Values.Count(pair => pair.Entry.Key is not null), counted.KnownKey);
        Assert.Equal(expected.Values.Count(pair => pair.Entry.IsSilent), counted.Silent);
        Assert.Equal(Samples.Stems.Select(stem => (stem, expected.Values.Count(pair => pair.Entry.Stem == stem))),
            counted.Stems.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(expected.Values.Sum(pair => pair.Entry.Seconds ?? 0), counted.Seconds, 1e-6);
    }

    [Fact]
    public async Task Of_a_batch_with_one_id_the_last_stays_and_a_layout_stays_for_good()
    {
        string address = one.NewAddress();
        await using VectorSetCatalog catalog = await VectorSetCatalog.OpenOrCreateAsync(address + "?shards=2", Samples.Model());
        await catalog.SetAsync(Enumerable.Range(1, 50).Select(i => (new CatalogEntry { Id = "same", Tempo = i }, Samples.Embedding(i))));
        Assert.Equal(50, (await catalog.GetAsync("same"))!.Tempo);
        await using VectorSetCatalog again = await VectorSetCatalog.OpenOrCreateAsync(address + "?shards=7", Samples.Model());
        Assert.Equal((2, 1L), (again.Shards, await again.CountAsync()));
        await again.DeleteAsync();
        Assert.StartsWith($"{address} is not there",
            (await Assert.ThrowsAsync<StemJepaException>(() => VectorSetCatalog.OpenAsync(address))).Message);
    }

    [Fact]
    public async Task Hostile_ids_are_kept_as_they_are_or_refused_as_a_folder_refuses_them()
    {
        await using VectorSetCatalog catalog = await VectorSetCatalog.OpenOrCreateAsync(one.NewAddress(), Samples.Model());
        string[] ids = ["a\r\nDEL *\r\n", "{x}", "*", "\0", " ", "🎸/ü.wav", new string('x', 60_000), "a", "A", "../..", "$5\r\n"];
        for (int i = 0; i < ids.Length; i++)
            await catalog.SetAsync(Samples.Entry(ids[i], i) with { Path = ids[i], IsSilent = false }, Samples.Embedding(i));
        for (int i = 0; i < ids.Length; i++)
        {
            Assert.Equal(ids[i], (await catalog.GetAsync(ids[i]))!.Path);
            Assert.Equal(ids[i], (await catalog.SearchAsync(Samples.Embedding(i), 1)).Matches.Single().Entry.Id);
        }
        var entry = new CatalogEntry { Id = "0" };
        foreach (CatalogEntry wrong in new[]
        {
            entry with { Id = "" }, entry with { Id = "\uD800" }, entry with { Tempo = double.NaN }, entry with { Seconds = -1 },
                entry with { Tags = ["a\0b"] },
            entry with { Id = new string('x', 70_000) }, entry with { ContentHash = "abc" },
        })
            await Assert.ThrowsAnyAsync<ArgumentException>(() => catalog.SetAsync(wrong, Samples.Embedding(1)));
        Assert.Equal(ids.Length, await catalog.CountAsync());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => catalog.SearchAsync(Samples.Embedding(1), 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            catalog.SearchAsync(Samples.Embedding(1), search: new() { Effort = 0 }));
    }

    [Fact]
    public async Task Another_model_and_another_width_are_refused()
    {
        string address = one.NewAddress();
        ModelInfo model = Samples.Model(),
            other = model with { Sha256 = model.Sha256.ToDictionary(pair => pair.Key, _ => new string('a', 64)) };
        await using VectorSetCatalog catalog = await VectorSetCatalog.OpenOrCreateAsync(address, model);
        Assert.Contains("holds embeddings of the model", (await Assert.ThrowsAsync<StemJepaException>(() =>
            catalog.SetAsync(new CatalogEntry { Id = "a" }, Samples.Embedding(1, 65)))).Message);
        Assert.Contains("use that model",
            (await Assert.ThrowsAsync<StemJepaException>(() => catalog.SearchAsync(Samples.Embedding(1, 65)))).Message);
        foreach (ModelInfo wrong in new[] { other, Samples.Model(65) })
        {
            foreach (Func<Task> open in new Func<Task>[] { () => VectorSetCatalog.OpenAsync(address, wrong), () =>
                VectorSetCatalog.OpenOrCreateAsync(address, wrong) })
                Assert.StartsWith($"{address} holds embeddings of the model ", (await Assert.ThrowsAsync<StemJepaException>(open)).Message);
        }
        Assert.Equal(0, await catalog.CountAsync());
    }

    [Fact]
    public async Task Damaged_values_are_named_and_can_be_replaced_or_removed()
    {
        string address = one.NewAddress(), name = address[(address.LastIndexOf('/') + 1)..];
        await using VectorSetCatalog catalog =
            await VectorSetCatalog.OpenOrCreateAsync(address, Samples.Model(), new VectorSetOptions { Shards = 1 });
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{one.Server.Endpoint},protocol=resp2");
        IDatabase database = connection.GetDatabase();
        var keys = new CatalogKeys(name, 0, 1);
        RecordingKey key = RecordingKey.Of("song"u8);
        RedisKey entries = keys.Entries(key.Bucket), vectors = keys.Vectors(key.Bucket);
        Task Add() => catalog.SetAsync(new CatalogEntry { Id = "song", Tempo = 120 }, Samples.Embedding(1));
        async Task Refused(string named, params Func<Task>[] calls)
        {
            foreach (Func<Task> call in calls)
            {
                string message = (await Assert.ThrowsAsync<StemJepaException>(call)).Message;
                Assert.Contains(named, message);
                Assert.Contains(address, message);
            }
        }

        await Add();
        byte[] entry = (await database.HashGetAsync(entries, key.ToBytes()))!;
        for (int place = 0; place < entry.Length; place += 7)
        {
            byte[] damaged = [.. entry];
            damaged[place] ^= 0x10;
            await database.HashSetAsync(entries, key.ToBytes(), damaged);
            await Refused($"field {key}", () => catalog.GetAsync("song"), () => catalog.SearchAsync(Samples.Embedding(1)), () =>
                catalog.CountAllAsync());
        }
        await Add();
        Assert.Equal(120, (await catalog.GetAsync("song"))!.Tempo);

        byte[] element = (byte[])(await database.HashGetAllAsync(vectors)).Single(field => !field.Value.IsNull
            && StoredEntryNames(field.Name, entry)).Name!;
        byte[] vector = (await database.HashGetAsync(vectors, element))!;
        await database.HashSetAsync(vectors, element, vector[..^1]);
        await Refused("damaged vector of 'song'", () => catalog.GetEmbeddingAsync("song"), () => catalog.SearchAsync(Samples.Embedding(1)),
            () => catalog.SearchAsync(Samples.Embedding(1), search: Exact));
        await database.HashDeleteAsync(vectors, element);
        await Refused("no vector of 'song'", () => catalog.GetEmbeddingAsync("song"), () =>
            catalog.SearchAsync(Samples.Embedding(1), search: Exact));
        Assert.True(await catalog.RemoveAsync("song"));
        Assert.Empty((await catalog.SearchAsync(Samples.Embedding(1))).Matches);

        bool StoredEntryNames(RedisValue field, byte[] former) =>
            StoredEntry.TryRead(key, former)!.Element.ToBytes() is { } old && !old.AsSpan().SequenceEqual((byte[])field!);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("{\"format\":\"stemjepa-vector-sets\",\"version\":1}")]
    [InlineData("{\"format\":\"stemjepa-vector-sets\",\"version\":1,\"model\":\"m\",\"model_hash\":\"x\",\"length\":60,\"shards\":0,"
        + "\"links\":32,\"build_effort\":200}")]
    [InlineData("{\"format\":\"stemjepa-vector-sets\",\"version\":2}")]
    public async Task Damaged_and_foreign_manifests_are_refused(string manifest)
    {
        string address = one.NewAddress(), name = address[(address.LastIndexOf('/') + 1)..];
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{one.Server.Endpoint},protocol=resp2");
        await connection.GetDatabase().StringSetAsync(CatalogKeys.Manifest(name), manifest);
        Assert.Contains(address, (await Assert.ThrowsAsync<StemJepaException>(() => VectorSetCatalog.OpenAsync(address))).Message);
        Assert.Contains(address, (await Assert.ThrowsAsync<StemJepaException>(() =>
            VectorSetCatalog.OpenOrCreateAsync(connection, name, Samples.Model()))).Message);
        foreach (string wrong in new[] { "", "a/b", "{a}", "ü", new string('a', 65) })
            await Assert.ThrowsAsync<ArgumentException>(() => VectorSetCatalog.OpenAsync(connection, wrong));
    }

    [Fact]
    public async Task Many_writers_and_readers_see_whole_recordings_only()
    {
        const int ids = 12, writers = 6, writes = 60;
        string address = one.NewAddress();
        ModelInfo model = Samples.Model();
        await using VectorSetCatalog first = await VectorSetCatalog.OpenOrCreateAsync(address, model, new VectorSetOptions { Shards = 2 });
        await using VectorSetCatalog second = await VectorSetCatalog.OpenOrCreateAsync(address, model);
        StemEmbedding[] versions = [.. Enumerable.Range(0, 40).Select(version => Samples.Embedding(version))];
        void Check(CatalogMatch match) => Assert.Equal(versions[0].Similarity(versions[(int)match.Entry.Tempo! - 1]), match.Affinity, 1e-6);

        using var done = new CancellationTokenSource();
        Task[] reading = [.. new[] { first, second }.Select(catalog => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                Assert.All((await catalog.SearchAsync(versions[0], ids)).Matches, Check);
                Assert.All((await catalog.SearchAsync(versions[0], ids, search: Exact)).Matches, Check);
            }
        }))];
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            VectorSetCatalog catalog = writer % 2 == 0 ? first : second;
            for (int i = 0; i < writes; i++)
            {
                string id = $"{random.Next(ids)}";
                int version = random.Next(versions.Length);
                if (random.Next(5) == 0)
                    await catalog.RemoveAsync(id);
                else
                    await catalog.SetAsync(new CatalogEntry { Id = id, Tempo = version + 1, Stem = Stem.Roles[version % 4] },
                        versions[version]);
            }
        })));
        await done.CancelAsync();
        await Task.WhenAll(reading);
        for (int id = 0; id < ids; id++)
            await first.SetAsync(new CatalogEntry { Id = $"{id}", Tempo = id + 1 }, versions[id]);
        IReadOnlyList<CatalogMatch> found = (await second.SearchAsync(versions[0], 100, search: Exact)).Matches;
        Assert.Equal(Enumerable.Range(0, ids).Select(id => $"{id}").Order(), found.Select(match => match.Entry.Id).Order());
        Assert.All(found, Check);
    }
}
