using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests.Guide;

/// <summary>The program of docs/guide/serve.md, started and asked below its prefix.</summary>
public sealed class ServerTests
{
    [ShippedModelFact]
    public async Task The_page_and_the_api_lie_below_the_prefix()
    {
        using var folder = new TemporaryFolder();
        string library = folder.PathOf("library");
        using (StemAffinity plain = StemAffinity.Create())
        using (CatalogWriter writer = CatalogWriter.Open(library, plain.Model))
        {
            writer.Set(new CatalogEntry { Id = "vocals.wav", Stem = Stem.Bass }, plain.Embed(GoldenModel.Clip("vocals.wav")));
            writer.Commit();
        }
        string[] args = ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning"];

        // Example: program
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddStemCatalog(library);
        builder.Services.AddStemJepaServer(options => options.MaximumSeconds = 600);
        WebApplication app = builder.Build();
        app.MapStemJepa("/stems");
        // end of example

        await using (app)
        {
            await app.StartAsync();
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
            using HttpResponseMessage moved = await client.GetAsync("/stems");
            Assert.Equal((HttpStatusCode.Redirect, "/stems/"), (moved.StatusCode, moved.Headers.Location?.ToString()));
            Assert.Contains("assets/app.js", await client.GetStringAsync("/stems/"));
            Assert.Contains("import", await client.GetStringAsync("/stems/assets/app.js"));
            JsonElement catalog = JsonDocument.Parse(await client.GetStringAsync("/stems/api/catalog")).RootElement;
            Assert.Equal(1, catalog.GetProperty("recordings").GetInt32());
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/catalog")).StatusCode);
        }
        GuidePage.AssertShows("serve.md", "program");
    }
}
