using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CliWrap;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StemJepa.Server.Http.Access;
using StemJepa.Server.Http.Endpoints;
using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

/// <summary>What other sites, other machines and hostile names may try.</summary>
public sealed class AttackTests : IAsyncLifetime
{
    private const string Token = "a token that nobody guesses";

    private readonly TestLibrary _library = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        string sound = _library.Copy("vocals.wav", "<img src=x onerror=alert(1)>.wav");
        string secret = _library.PathOf("secret.txt"), link = _library.PathOf("link.wav"), pipe = _library.PathOf("pipe.wav");
        File.WriteAllText(secret, "secret");
        File.CreateSymbolicLink(link, secret);
        if (OperatingSystem.IsLinux())
            await Cli.Wrap("mkfifo").WithArguments([pipe]).ExecuteAsync();
        using StemAffinity model = StemAffinity.Load(GoldenModel.Folder);
        _library.Add(model, new CatalogEntry { Id = sound, Path = sound, Stem = Stem.Bass },
            new CatalogEntry { Id = secret, Path = secret },
            new CatalogEntry { Id = link, Path = link }, new CatalogEntry { Id = pipe, Path = pipe },
            new CatalogEntry { Id = "gone", Path = _library.PathOf("gone.wav") }, new CatalogEntry { Id = "pathless" });
        _server = await RunningServer.StartAsync(_library.Catalog, golden: true);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _library.Dispose();
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:80")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("192.168.0.7")]
    public async Task A_foreign_host_name_is_refused_everywhere(string host)
    {
        foreach (string path in (string[])["", "health", "api/catalog", "openapi/v1.json", "metrics", "assets/app.js"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
            Assert.Contains("is not one of this server's", await _server.Client.SendAsync(request).Refused(HttpStatusCode.Forbidden));
        }
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "http://localhost")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_site_is_refused(string header, string value)
    {
        string audio = $"api/recordings/{RecordingDocument.IdOf(_library.PathOf("<img src=x onerror=alert(1)>.wav"))}/audio";
        foreach ((HttpMethod method, string path) in ((HttpMethod, string)[])[(HttpMethod.Get, "api/catalog"), (HttpMethod.Get, audio),
            (HttpMethod.Post, "api/index"), (HttpMethod.Post, "api/embed"), (HttpMethod.Delete, "api/index"),
                (HttpMethod.Get, "assets/app.js")])
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add(header, value);
            if (method == HttpMethod.Post)
                request.Content = RunningServer.Form(("recording", RunningServer.GoldenFile("mix.wav")));
            Assert.Contains("Pages of other sites", await _server.Client.SendAsync(request).Refused(HttpStatusCode.Forbidden));
        }
    }

    [Fact]
    public async Task The_own_page_and_links_to_it_are_answered()
    {
        using var own = new HttpRequestMessage(HttpMethod.Get, "api/catalog");
        own.Headers.Add("Origin", _server.Address.GetLeftPart(UriPartial.Authority));
        own.Headers.Add("Sec-Fetch-Site", "same-origin");
        await _server.Client.SendAsync(own).Json();
        using var link = new HttpRequestMessage(HttpMethod.Get, "");
        link.Headers.Add("Sec-Fetch-Site", "cross-site");
        link.Headers.Add("Sec-Fetch-Mode", "navigate");
        link.Headers.Add("Sec-Fetch-Dest", "document");
        Assert.Equal(HttpStatusCode.OK, (await _server.Client.SendAsync(link)).StatusCode);
        using var frame = new HttpRequestMessage(HttpMethod.Get, "");
        frame.Headers.Add("Sec-Fetch-Site", "cross-site");
        frame.Headers.Add("Sec-Fetch-Mode", "navigate");
        frame.Headers.Add("Sec-Fetch-Dest", "iframe");
        await _server.Client.SendAsync(frame).Refused(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Nothing_may_be_framed_sniffed_or_loaded_from_elsewhere()
    {
        foreach (string path in (string[])["", "assets/app.js", "api/catalog", "nothing/here", "api/uploads/u0/audio"])
        {
            using HttpResponseMessage answer = await _server.Client.GetAsync(path);
            if (path == "nothing/here")
            {
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                continue;
            }
            string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.DoesNotContain("unsafe", policy);
            Assert.DoesNotContain("http", policy);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task The_page_names_no_other_address_and_sets_no_markup()
    {
        foreach (string part in (string[])["index.html", "style.css", "app.js", "api.js", "player.js", "results.js", "candidates.js",
            "waveform.js", "recorder.js", "wav.js", "indexing.js", "signin.js"])
        {
            string text = await _server.Client.GetStringAsync(part == "index.html" ? "" : "assets/" + part);
            Assert.DoesNotMatch(
                "(?i)https?://|src=\"//|innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(| style=| on[a-z]+=\"", text);
        }
    }

    [Fact]
    public async Task Json_that_is_no_Unicode_text_is_refused_by_the_field_s_name()
    {
        using var body = new StringContent("{\"recording\": \"\\ud800\"}", System.Text.Encoding.UTF8, "application/json");
        Assert.Contains("recording", await _server.Client.PostAsync("api/embed", body).Refused(HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../../etc/passwd")]
    [InlineData("file:///etc/passwd")]
    public async Task A_path_that_is_not_catalogued_is_never_opened(string path)
    {
        foreach (string id in (string[])[RecordingDocument.IdOf(path), Uri.EscapeDataString(path), "r" + Uri.EscapeDataString(path)])
        {
            await Refuse($"api/recordings/{id}/audio");
            await Refuse($"api/uploads/{id}/audio");
        }
        await _server.Client.PostAsJsonAsync("api/embed", new { recording = path }).Refused(HttpStatusCode.NotFound);
        await _server.Client.PostAsJsonAsync("api/embed",
            new { recording = RecordingDocument.IdOf(path) }).Refused(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("secret.txt")]
    [InlineData("link.wav")]
    [InlineData("pipe.wav")]
    [InlineData("gone.wav")]
    public async Task A_catalogued_path_that_is_no_file_of_audio_is_not_given_out(string name)
    {
        string id = RecordingDocument.IdOf(name == "gone.wav" ? "gone" : _library.PathOf(name));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _server.Client.GetAsync($"api/recordings/{id}/audio", patience.Token).Refused(HttpStatusCode.NotFound);
        await _server.Client.GetAsync($"api/recordings/{RecordingDocument.IdOf("pathless")}/audio", patience.Token)
            .Refused(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_hostile_file_name_neither_leaves_the_folder_nor_becomes_markup()
    {
        foreach (string name in (string[])["../../../evil.wav", "..\\..\\evil.wav", "/etc/cron.d/evil.wav", "<script>alert(1)</script>.wav",
            "a\u0001b.wav"])
        {
            JsonElement kept = await _server.Client.PostAsync("api/uploads",
                RunningServer.Form(("file", RunningServer.GoldenFile("mix.wav") with { Name = name }))).Json();
            string shown = kept.GetProperty("name").GetString()!;
            Assert.DoesNotContain('/', shown);
            Assert.DoesNotContain('\\', shown);
            using HttpResponseMessage audio = await _server.Client.GetAsync(kept.GetProperty("audio").GetString());
            Assert.Equal("audio/wav", audio.Content.Headers.ContentType?.MediaType);
            Assert.Equal("attachment", audio.Content.Headers.ContentDisposition?.DispositionType);
        }
        using HttpResponseMessage found = await _server.Client.PostAsync("api/search",
            RunningServer.Form(("mix", RunningServer.GoldenFile("mix.wav")), ("stem", "bass")));
        Assert.Equal("application/json", found.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", found.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Indexing_takes_json_only()
    {
        Assert.Contains("in JSON", await _server.Client.PostAsync("api/index", RunningServer.Form(("folder", "/")))
            .Refused(HttpStatusCode.UnsupportedMediaType));
        await _server.Client.PostAsync("api/index", new StringContent("{\"folder\": \"/\"}", Encoding.UTF8, "text/plain"))
            .Refused(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task With_a_token_only_those_who_know_it_are_answered()
    {
        await using RunningServer server = await RunningServer.StartAsync(_library.Catalog, options => options.Token = Token, golden: true);
        foreach (string path in (string[])["api/catalog", "metrics", "openapi/v1.json", "api/uploads/u0/audio"])
            await server.Client.GetAsync(path).Refused(HttpStatusCode.Unauthorized);
        await server.Client.GetAsync("health").Json();
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("")).StatusCode);
        await server.Client.PostAsJsonAsync("session", new { token = "wrong" }).Refused(HttpStatusCode.Unauthorized);
        await server.Client.GetAsync("api/catalog").Refused(HttpStatusCode.Unauthorized);

        using var bearer = new HttpRequestMessage(HttpMethod.Get, "api/catalog") { Headers = { Authorization = new("Bearer", Token) } };
        await server.Client.SendAsync(bearer).Json();
        using HttpResponseMessage signedIn = await server.Client.PostAsJsonAsync("session", new { token = Token });
        Assert.Equal(HttpStatusCode.NoContent, signedIn.StatusCode);
        string cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=strict", cookie);
        Assert.DoesNotContain(Token, cookie);
        await server.Client.GetAsync("api/catalog").Json();
    }

    [Theory]
    [InlineData("192.0.2.1", false, null, 403)]
    [InlineData("127.0.0.1", false, null, 200)]
    [InlineData("::ffff:127.0.0.1", false, null, 200)]
    [InlineData("192.0.2.1", true, null, 200)]
    [InlineData("192.0.2.1", false, Token, 401)]
    public async Task Other_machines_are_refused_unless_the_program_says_otherwise(string address, bool allowed, string? token, int status)
    {
        var options = new StemJepaServerOptions { AllowRemoteClients = allowed, Token = token };
        var guard = new RequestGuard(Options.Create(options), NullLogger<RequestGuard>.Instance);
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        context.Request.Host = new HostString("127.0.0.1:5050");
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        context.RequestServices = _server.Services;
        await guard.InvokeAsync(context, new AccessRule(), _ => Task.CompletedTask);
        Assert.Equal(status, context.Response.StatusCode);
    }

    private async Task Refuse(string path)
    {
        using HttpResponseMessage answer = await _server.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("root:", await answer.Content.ReadAsStringAsync());
    }
}
