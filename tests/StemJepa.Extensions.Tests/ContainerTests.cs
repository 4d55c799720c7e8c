using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.VectorData;
using StemJepa.Catalog.Tests;
using StemJepa.TestSupport;

namespace StemJepa.Extensions.Tests;

/// <summary>Oracle: the same objects, made without a container.</summary>
public sealed class ContainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ShippedModelFact]
    public async Task A_container_gives_the_shipped_model_once_and_disposes_of_it()
    {
        AudioClip mix = GoldenModel.Clip("mix.wav"), vocals = GoldenModel.Clip("vocals.wav");
        using StemAffinity plain = StemAffinity.Create();
        IStemAffinity model;
        await using (ServiceProvider provider = new ServiceCollection().AddStemJepa(options => options.Threads = 1)
            .BuildServiceProvider(validateScopes: true))
        {
            model = provider.GetRequiredService<IStemAffinity>();
            Assert.Same(model, provider.GetRequiredService<IStemAffinity>());
            Assert.Equal(plain.Model.Name, model.Model.Name);
            Assert.Equal(StemRecord.ShippedLength, plain.Model.EmbeddingLength);
            Assert.Equal(plain.Affinity(mix, vocals, Stem.Vocals), model.Affinity(mix, vocals, Stem.Vocals), 1e-5f);
            var generator = provider.GetRequiredService<IEmbeddingGenerator<AudioClip, Embedding<float>>>();
            Embedding<float> embedding = await generator.GenerateAsync(vocals);
            Assert.Equal(StemRecord.ShippedLength, embedding.Vector.Length);
            generator.Dispose();
            model.Embed(vocals);
        }
        Assert.Throws<ObjectDisposedException>(() => model.Embed(vocals));
    }

    [Fact]
    public void The_model_is_loaded_when_it_is_first_asked_for_and_said_so()
    {
        using ServiceProvider provider = Golden().AddLogging(logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Debug))
            .BuildServiceProvider();
        FakeLogCollector log = provider.GetFakeLogCollector();
        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.Empty(log.GetSnapshot());
        IStemAffinity model = provider.GetRequiredService<IStemAffinity>();
        provider.GetRequiredService<IEmbeddingGenerator<AudioClip, Embedding<float>>>();
        FakeLogRecord record = Assert.Single(log.GetSnapshot());
        Assert.Equal(LogLevel.Information, record.Level);
        Assert.StartsWith($"Loaded the model {model.Model.Name} from {GoldenModel.Folder}, which runs on Cpu, in ", record.Message);
    }

    [Fact]
    public void Falling_back_to_the_processor_is_a_warning()
    {
        using ServiceProvider provider = Golden().AddStemJepa(options => options.ExecutionProvider = ExecutionProvider.Auto)
            .AddLogging(logging => logging.AddFakeLogging()).BuildServiceProvider();
        provider.GetRequiredService<IStemAffinity>();
        Assert.Single(provider.GetFakeLogCollector().GetSnapshot(), record => record.Level == LogLevel.Warning);
    }

    [Theory]
    [InlineData(-1, ExecutionProvider.Cpu, null, "Threads is -1: ")]
    [InlineData(5000, ExecutionProvider.Cpu, null, "Threads is 5000: ")]
    [InlineData(0, (ExecutionProvider)9, null, "ExecutionProvider is 9: ")]
    [InlineData(0, ExecutionProvider.Cpu, " ", "ModelFolder is empty: ")]
    [InlineData(0, ExecutionProvider.Cpu, "/nowhere\0", "ModelFolder cannot be used: ")]
    [InlineData(0, ExecutionProvider.Cpu, "/nowhere", "ModelFolder cannot be used: /nowhere")]
    public void Wrong_options_are_refused_at_the_start_and_at_the_first_use(int threads, ExecutionProvider where, string? model,
        string message)
    {
        using ServiceProvider provider = new ServiceCollection().AddStemJepa(options =>
        {
            options.Threads = threads;
            options.ExecutionProvider = where;
            options.ModelFolder = model;
        }).BuildServiceProvider();
        Assert.StartsWith(message,
            Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate).Message);
        Assert.StartsWith(message, Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStemAffinity>).Message);
    }

    [Fact]
    public void All_wrong_options_are_named_at_once()
    {
        using ServiceProvider provider = new ServiceCollection().AddStemJepa(options => options.Threads = -1)
            .AddStemJepa(options => options.ModelFolder = "").BuildServiceProvider();
        Assert.Equal(2, Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStemAffinity>).Failures.Count());
    }

    [Fact]
    public void A_model_that_was_registered_before_stays()
    {
        using StemAffinity own = StemAffinity.Load(GoldenModel.Folder);
        using ServiceProvider provider = new ServiceCollection().AddSingleton<IStemAffinity>(own).AddStemJepa().BuildServiceProvider();
        Assert.Same(own, provider.GetRequiredService<IStemAffinity>());
    }

    [Fact]
    public async Task A_catalogue_follows_what_is_committed_after_its_interval_and_is_disposed_of()
    {
        string library = _folder.PathOf("library");
        ModelInfo model = ModelInfo.Load(GoldenModel.Folder);
        StemEmbedding query = Samples.Embedding(1, model.EmbeddingLength);
        Commit(library, model, "first");
        var clock = new ManualClock();
        IStemCatalog catalog;
        await using (ServiceProvider provider = Golden().AddSingleton<TimeProvider>(clock).AddStemCatalog(library, TimeSpan.FromSeconds(10))
            .BuildServiceProvider())
        {
            catalog = provider.GetRequiredService<IStemCatalog>();
            Assert.Equal("first", Assert.Single(await catalog.SearchAsync(query)).Entry.Id);
            Commit(library, model, "second");
            clock.Advance(TimeSpan.FromSeconds(9));
            Assert.Single(await catalog.SearchAsync(query));
            Assert.Null(await catalog.FindAsync("second"));
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(2, (await catalog.SearchAsync(query)).Count);
            Assert.Equal("second", (await catalog.FindAsync("second"))!.Id);
        }
        await Assert.ThrowsAsync<ObjectDisposedException>(() => catalog.SearchAsync(query));
    }

    [Fact]
    public async Task A_catalogue_that_never_refreshes_keeps_what_it_saw()
    {
        string library = _folder.PathOf("library");
        ModelInfo model = ModelInfo.Load(GoldenModel.Folder);
        Commit(library, model, "first");
        using ServiceProvider provider = new ServiceCollection().AddStemCatalog(library, Timeout.InfiniteTimeSpan).BuildServiceProvider();
        IStemCatalog catalog = provider.GetRequiredService<IStemCatalog>();
        Commit(library, model, "second");
        Assert.Single(await catalog.SearchAsync(Samples.Embedding(1, model.EmbeddingLength)));
    }

    [Fact]
    public async Task Catalogues_that_cannot_be_searched_are_refused_by_name()
    {
        string library = _folder.PathOf("library");
        ModelInfo model = ModelInfo.Load(GoldenModel.Folder);
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddStemCatalog(" "));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddStemCatalog(library, TimeSpan.FromSeconds(-3)));
        using ServiceProvider provider = Golden().AddStemCatalog(library).BuildServiceProvider();
        Assert.Contains(library, Assert.Throws<StemJepaException>(provider.GetRequiredService<IStemCatalog>).Message);
        Commit(library, model with { Sha256 = model.Sha256.ToDictionary(pair => pair.Key, _ => new string('a', 64)) }, "first");
        Assert.StartsWith($"{library} holds embeddings of the model ",
            Assert.Throws<StemJepaException>(provider.GetRequiredService<IStemCatalog>).Message);
        using ServiceProvider anyModel = new ServiceCollection().AddStemCatalog(library).BuildServiceProvider();
        IStemCatalog catalog = anyModel.GetRequiredService<IStemCatalog>();
        await Assert.ThrowsAsync<StemJepaException>(() => catalog.SearchAsync(Samples.Embedding(1, 65)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => catalog.SearchAsync(Samples.Embedding(1, model.EmbeddingLength), 0));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => catalog.FindAsync(""));
    }

    [Fact]
    public async Task A_vector_store_of_the_container_keeps_records_and_is_disposed_of_with_it()
    {
        ModelInfo model = ModelInfo.Load(GoldenModel.Folder);
        VectorStoreCollection<string, StemRecord> collection;
        await using (ServiceProvider provider = Golden().AddStemVectorStore(_folder.PathOf("store")).BuildServiceProvider())
        {
            collection = provider.GetRequiredService<VectorStore>().GetCollection<string, StemRecord>("loops");
            await collection.EnsureCollectionExistsAsync();
            await collection.UpsertAsync(StemRecord.From(new CatalogEntry { Id = "a" }, Samples.Embedding(1, model.EmbeddingLength)));
            Assert.Equal("a", (await collection.GetAsync("a"))!.Id);
        }
        await Assert.ThrowsAsync<ObjectDisposedException>(() => collection.GetAsync("a"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => collection.DeleteAsync("a"));
    }

    internal static IServiceCollection Golden() => new ServiceCollection().AddStemJepa(options => options.ModelFolder = GoldenModel.Folder);

    private static void Commit(string library, ModelInfo model, string id)
    {
        using CatalogWriter writer = CatalogWriter.Open(library, model);
        writer.Set(new CatalogEntry { Id = id }, Samples.Embedding(1, model.EmbeddingLength));
        writer.Commit();
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        internal void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
