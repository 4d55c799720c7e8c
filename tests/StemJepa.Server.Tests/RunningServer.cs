using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using StemJepa.Extensions;
using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

/// <summary>A server on a free port of this machine, with a model, and a catalogue if one is given.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningServer(WebApplication app) => (_app, Client) = (app, new HttpClient { BaseAddress = new Uri(app.Urls.Single() + "/") });

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Address => Client.BaseAddress!;

    /// <param name="catalog">The folder of the catalogue; null for none.</param>
    /// <param name="options">Sets the options of the server.</param>
    /// <param name="services">Adds services before those of the server.</param>
    /// <param name="golden">The small golden model in place of the shipped one.</param>
    public static async Task<RunningServer> StartAsync(string? catalog = null, Action<StemJepaServerOptions>? options = null,
        Action<IServiceCollection>? services = null, bool golden = false)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        services?.Invoke(builder.Services);
        builder.Services.AddStemJepa(model => model.ModelFolder = golden ? GoldenModel.Folder : null);
        if (catalog is not null)
            builder.Services.AddStemCatalog(catalog, TimeSpan.Zero);
        builder.Services.AddStemJepaServer(options);
        WebApplication app = builder.Build();
        app.MapStemJepa();
        await app.StartAsync();
        return new RunningServer(app);
    }

    /// <summary>A form with files, named <c>field:file</c>, and texts.</summary>
    public static MultipartFormDataContent Form(params (string Field, object Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach ((string field, object value) in fields)
        {
            if (value is SentFile file)
                form.Add(new ByteArrayContent(file.Content) { Headers = { ContentType = new MediaTypeHeaderValue("audio/wav") } }, field,
                    file.Name);
            else
                form.Add(new StringContent(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!), field);
        }
        return form;
    }

    public static SentFile GoldenFile(string name) => new(name, File.ReadAllBytes(Golden.PathOf(name)));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>A file of a form.</summary>
internal sealed record SentFile(string Name, byte[] Content);
