using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StemJepa.Server.Http.Endpoints;
using StemJepa.TestSupport;
using StemJepa.Tool.Serving;

namespace StemJepa.Server.Tests;

/// <summary>The OpenAPI document: a client that knows nothing else runs every example of it.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private readonly TestLibrary _library = new();
    private readonly Dictionary<string, byte[]> _files = new()
    {
        ["mix.wav"] = File.ReadAllBytes(Golden.PathOf("mix.wav")),
        ["bass.wav"] = File.ReadAllBytes(Golden.PathOf("vocals.wav")),
        ["drums.wav"] = File.ReadAllBytes(Golden.PathOf("mix.wav")),
    };

    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        string path = _library.Copy("vocals.wav", "bass.wav");
        Directory.CreateDirectory(_library.PathOf("library"));
        _library.Copy("mix.wav", "library/new.wav");
        using (StemAffinity model = StemAffinity.Create())
            _library.Add(model, new CatalogEntry { Id = "bass.wav", Path = path, Stem = Stem.Bass });
        _server = await RunningServer.StartAsync(_library.Catalog, services: services => services.AddSingleton<IStemIndexer>(
            provider => new LibraryIndexing(
                provider.GetRequiredService<IStemAffinity>(), _library.Catalog, provider.GetRequiredService<StemAnalyzer>())));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _library.Dispose();
    }

    [ShippedHeadsFact]
    public async Task Every_example_is_answered_as_the_document_says()
    {
        JsonElement document = await _server.Client.GetAsync("openapi/v1.json").Json();
        JsonElement kept = await _server.Client.PostAsync("api/uploads", RunningServer.Form(("file", RunningServer.GoldenFile("mix.wav")))).Json();
        string upload = kept.GetProperty("id").GetString()!;
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(operation => (Path: path.Name, Method: operation.Name, Operation: operation.Value)))
            .OrderBy(operation => operation.Method == "delete").ToArray();
        int run = 0;
        foreach ((string path, string method, JsonElement operation) in operations)
        {
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()), path);
            foreach (HttpContent? body in Bodies(operation, upload))
            {
                using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), Fill(path, operation, upload)[1..])
                {
                    Content = body,
                };
                using HttpResponseMessage answer = await _server.Client.SendAsync(request);
                string text = await answer.Content.ReadAsStringAsync();
                JsonElement responses = operation.GetProperty("responses");
                Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
                Assert.True(responses.TryGetProperty($"{(int)answer.StatusCode}", out JsonElement response), $"{method} {path}: {answer.StatusCode}");
                if (response.TryGetProperty("content", out JsonElement content))
                    Assert.Contains(answer.Content.Headers.ContentType!.MediaType, content.EnumerateObject().Select(type => type.Name));
                run++;
            }
        }
        string[] paths = [.. operations.Select(operation => operation.Path).Distinct()];
        Assert.Superset(new HashSet<string> { "/api/embed", "/api/predict", "/api/rank", "/api/search", "/api/analyze", "/api/align", "/api/fit", "/api/complete",
            "/api/preview", "/api/recordings/{id}", "/api/recordings/{id}/audio", "/api/catalog", "/api/index", "/health", "/metrics" }, paths.ToHashSet());
        Assert.True(run > operations.Length, "Some operations have several examples.");
    }

    private static string Fill(string path, JsonElement operation, string upload)
    {
        if (!operation.TryGetProperty("parameters", out JsonElement parameters))
            return path;
        foreach (JsonElement parameter in parameters.EnumerateArray())
        {
            string example = parameter.GetProperty("example").GetString()!.Replace(Example.UploadId, upload, StringComparison.Ordinal);
            path = path.Replace($"{{{parameter.GetProperty("name").GetString()}}}", example, StringComparison.Ordinal);
        }
        Assert.DoesNotContain('{', path);
        return path;
    }

    private IEnumerable<HttpContent?> Bodies(JsonElement operation, string upload)
    {
        if (!operation.TryGetProperty("requestBody", out JsonElement body))
        {
            yield return null;
            yield break;
        }
        foreach (JsonProperty type in body.GetProperty("content").EnumerateObject())
        {
            JsonElement properties = type.Value.GetProperty("schema").GetProperty("properties");
            foreach (JsonProperty example in type.Value.GetProperty("examples").EnumerateObject())
            {
                JsonElement value = example.Value.GetProperty("value");
                yield return type.Name == "application/json"
                    ? new StringContent(value.GetRawText().Replace(Example.UploadId, upload, StringComparison.Ordinal)
                        .Replace("\"library\"", JsonSerializer.Serialize(_library.PathOf("library")), StringComparison.Ordinal),
                        Encoding.UTF8, "application/json")
                    : Form(value, properties);
            }
        }
    }

    /// <summary>Fields of format binary name files, as in the tools that show such documents.</summary>
    private MultipartFormDataContent Form(JsonElement value, JsonElement properties)
    {
        var fields = new List<(string, object)>();
        foreach (JsonProperty field in value.EnumerateObject())
        {
            JsonElement schema = properties.GetProperty(field.Name);
            schema = schema.TryGetProperty("items", out JsonElement items) ? items : schema;
            bool isFile = schema.TryGetProperty("format", out JsonElement format) && format.GetString() == "binary";
            JsonElement[] values = field.Value.ValueKind == JsonValueKind.Array ? [.. field.Value.EnumerateArray()] : [field.Value];
            fields.AddRange(values.Select(one => (field.Name, isFile ? new SentFile(one.GetString()!, _files[one.GetString()!]) : (object)one.ToString())));
        }
        return RunningServer.Form([.. fields]);
    }
}
