using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using StemJepa.Extensions;
using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests.Guide;

/// <summary>The web service of docs/guide/aspnetcore.md, started and asked. Oracle: a search of the same catalogue.</summary>
public sealed class WebServiceTests
{
    [ShippedModelFact]
    public async Task The_service_ranks_what_is_posted()
    {
        using var folder = new TemporaryFolder();
        string library = folder.PathOf("library");
        byte[] mix = File.ReadAllBytes(Golden.PathOf("mix.wav"));
        IReadOnlyList<CatalogMatch> expected;
        using (StemAffinity plain = StemAffinity.Create())
        {
            using (CatalogWriter writer = CatalogWriter.Open(library, plain.Model))
            {
                writer.Set(new CatalogEntry { Id = "vocals.wav", Stem = Stem.Bass }, plain.Embed(GoldenModel.Clip("vocals.wav")));
                writer.Commit();
            }
            using StemCatalog catalog = StemCatalog.Open(library, plain.Model);
            expected = catalog.Search(plain.Predict(GoldenModel.Clip("mix.wav"), Stem.Bass));
        }
        string[] args = ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"];

        // Example: setup
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddStemJepa();
        builder.Services.AddStemCatalog(library);
        WebApplication app = builder.Build();
        // end of example

        // Example: endpoint
        app.MapPost("/rank", async (
            Stem stem, HttpRequest request, IStemAffinity model, IStemCatalog catalog, CancellationToken cancellationToken) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            body.Position = 0;
            StemEmbedding prediction = await model.PredictAsync(AudioClip.Load(body, "The body"), stem, cancellationToken);
            IReadOnlyList<CatalogMatch> matches = await catalog.SearchAsync(prediction, top: 20, cancellationToken: cancellationToken);
            return matches.Select(match => new { match.Entry.Id, match.Affinity });
        });
        // end of example

        await using (app)
        {
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            HttpResponseMessage response = await client.PostAsync("/rank?stem=Bass", new ByteArrayContent(mix));
            JsonElement answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            JsonElement match = Assert.Single(answer.EnumerateArray());
            Assert.Equal("vocals.wav", match.GetProperty("id").GetString());
            Assert.Equal(expected.Single().Affinity, match.GetProperty("affinity").GetSingle(), 1e-6);
            await app.StopAsync();
        }
        GuidePage.AssertShows("aspnetcore.md", "setup");
        GuidePage.AssertShows("aspnetcore.md", "endpoint");
    }
}
