using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StemJepa.Catalog.Tests;
using StemJepa.TestSupport;

namespace StemJepa.Redis.Tests;

/// <summary>Servers that are killed, missing, or not able.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task What_was_acknowledged_survives_kill_9_in_the_middle_of_writing()
    {
        const int kills = 3, least = 60;
        await using GarnetServer server = await GarnetServer.StartAsync();
        ModelInfo model = Samples.Model();
        var acknowledged = new ConcurrentDictionary<string, int>();
        for (int round = 0; round < kills; round++)
        {
            await using VectorSetCatalog catalog =
                await VectorSetCatalog.OpenOrCreateAsync(server.Address("library"), model, new VectorSetOptions { Shards = 2 });
            int written = 0;
            using var enough = new SemaphoreSlim(0);
            Task[] writers = [.. Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
            {
                try
                {
                    for (int i = 0; ; i++)
                    {
                        int seed = (round * 4 + writer) * 100_000 + i;
                        string id = $"{writer}/{i % 50}";
                        acknowledged.TryRemove(id, out _);
                        await catalog.SetAsync(new CatalogEntry { Id = id, Tempo = seed + 1 }, Samples.Embedding(seed));
                        acknowledged[id] = seed;
                        if (Interlocked.Increment(ref written) == least)
                            enough.Release();
                    }
                }
                catch (CatalogUnavailableException)
                {
                }
            }))];
            await enough.WaitAsync();
            server.Kill();
            await Task.WhenAll(writers);
            await server.RestartAsync();

            await using VectorSetCatalog after = await VectorSetCatalog.OpenAsync(server.Address("library"), model);
            Assert.True(acknowledged.Count >= 40);
            foreach ((string id, int seed) in acknowledged)
            {
                Assert.Equal(seed + 1, (await after.GetAsync(id))!.Tempo);
                Assert.Equal(1, (await after.GetEmbeddingAsync(id))!.Similarity(Samples.Embedding(seed)), 1e-6);
            }
            string[] found = [.. (await after.SearchAsync(Samples.Embedding(20_000), 1000)).Matches.Select(match => match.Entry.Id)];
            Assert.Empty(acknowledged.Keys.Except(found));
        }
    }

    [Fact]
    public async Task Where_no_server_is_the_error_says_where()
    {
        await using GarnetServer server = await GarnetServer.StartAsync();
        await using VectorSetCatalog catalog = await VectorSetCatalog.OpenOrCreateAsync(server.Address("library"), Samples.Model());
        server.Kill();
        CatalogUnavailableException error =
            await Assert.ThrowsAsync<CatalogUnavailableException>(() => VectorSetCatalog.OpenAsync(server.Address("library")));
        Assert.StartsWith($"{server.Address("library")} cannot be reached at {server.Endpoint}", error.Message);
        Assert.Empty(error.Shards);
        error = await Assert.ThrowsAsync<CatalogUnavailableException>(() =>
            catalog.SearchAsync(Samples.Embedding(1), search: new() { AllowPartial = true }));
        Assert.Equal(catalog.Shards, error.Shards.Count);
    }

    [Fact]
    public async Task A_password_is_needed_and_not_told()
    {
        await using GarnetServer server = await GarnetServer.StartAsync("--auth", "Password", "--password", "secret");
        await using VectorSetCatalog catalog =
            await VectorSetCatalog.OpenOrCreateAsync($"redis://:secret@{server.Endpoint}/library", Samples.Model());
        await catalog.SetAsync(new CatalogEntry { Id = "a" }, Samples.Embedding(1));
        Assert.Equal(server.Address("library"), catalog.Address);
        foreach (string credentials in new[] { "", ":wrong-one@" })
        {
            StemJepaException error = await Assert.ThrowsAnyAsync<StemJepaException>(() =>
                VectorSetCatalog.OpenAsync($"redis://{credentials}{server.Endpoint}/library"));
            Assert.StartsWith(server.Address("library"), error.Message);
            Assert.DoesNotContain("wrong-one", error.Message);
            Assert.DoesNotContain("TLS", error.Message);
        }
    }

    [Fact]
    public async Task A_server_that_speaks_no_tls_is_called_that_and_not_a_wrong_password()
    {
        await using GarnetServer server = await GarnetServer.StartAsync();
        CatalogUnavailableException error = await Assert.ThrowsAsync<CatalogUnavailableException>(() =>
            VectorSetCatalog.OpenAsync($"rediss://{server.Endpoint}/library"));
        Assert.Contains("does not speak TLS", error.Message);
        Assert.DoesNotContain("wrong user or password", error.Message);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_and_called_that()
    {
        using var folder = new TemporaryFolder();
        string certificate = folder.PathOf("own.pfx");
        using (var key = RSA.Create(2048))
        {
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using X509Certificate2 own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            File.WriteAllBytes(certificate, own.Export(X509ContentType.Pfx, "secret"));
        }
        await using GarnetServer server =
            await GarnetServer.StartAsync("--tls", "--cert-file-name", certificate, "--cert-password", "secret");
        CatalogUnavailableException error = await Assert.ThrowsAsync<CatalogUnavailableException>(() =>
            VectorSetCatalog.OpenAsync($"rediss://{server.Endpoint}/library"));
        Assert.Contains("the server's TLS certificate is not trusted", error.Message);
        Assert.StartsWith($"rediss://{server.Endpoint}/library cannot be reached", error.Message);
        // Without TLS the server says nothing that a client could understand.
        error = await Assert.ThrowsAsync<CatalogUnavailableException>(() =>
            VectorSetCatalog.OpenAsync($"redis://{server.Endpoint}/library").WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.StartsWith($"redis://{server.Endpoint}/library cannot be reached", error.Message);
    }

    [Fact]
    public async Task Redis_7_which_has_no_vector_sets_is_told_apart()
    {
        await using var server = new OldServer();
        await using VectorSetCatalog catalog = await VectorSetCatalog.OpenOrCreateAsync(server.Address("library"), Samples.Model());
        StemJepaException error =
            await Assert.ThrowsAsync<StemJepaException>(() => catalog.SetAsync(new CatalogEntry { Id = "a" }, Samples.Embedding(1)));
        Assert.Contains("unknown command 'VADD'", error.Message);
        Assert.Contains("use Redis 8 or newer", error.Message);
    }

    [Fact]
    public async Task A_server_without_vector_sets_is_told_apart()
    {
        await using GarnetServer server = await GarnetServer.StartPlainAsync();
        await using VectorSetCatalog catalog = await VectorSetCatalog.OpenOrCreateAsync(server.Address("library"), Samples.Model());
        StemJepaException error =
            await Assert.ThrowsAsync<StemJepaException>(() => catalog.SetAsync(new CatalogEntry { Id = "a" }, Samples.Embedding(1)));
        Assert.Contains("--enable-vector-set-preview", error.Message);
        Assert.Equal(0, await catalog.CountAsync());
    }
}
