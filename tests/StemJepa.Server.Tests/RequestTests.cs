using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

/// <summary>Requests that cannot be answered: one sentence each, of the library where it is the library's.</summary>
public sealed class RequestTests : IAsyncLifetime
{
    private RunningServer _server = null!;

    private HttpClient Client => _server.Client;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(golden: true, options: options =>
    {
        options.MaximumUploadBytes = 1 << 20;
        options.MaximumSeconds = 10;
    });

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Wrong_fields_are_named()
    {
        SentFile mix = RunningServer.GoldenFile("mix.wav");
        Assert.Equal("stem 'lead guitar' is no name of a stem; use one of bass, drums, other, vocals, or another that the model knows.",
            await Client.PostAsync("api/predict", RunningServer.Form(("mix", mix), ("stem", "lead guitar")))
                .Refused(HttpStatusCode.BadRequest));
        foreach (string path in (string[])["api/predict", "api/align", "api/rank"])
        {
            (string, object)[] fields = path switch
            {
                "api/predict" => [("mix", mix)],
                "api/rank" => [("mix", mix), ("candidates", mix), ("candidates", mix)],
                _ => [("mix", mix), ("candidate", mix)],
            };
            Assert.Equal("'kazoo' is not a stem that the model 'golden' knows; use one of bass, drums, other, vocals.",
                await Client.PostAsync(path, RunningServer.Form([.. fields, ("stem", "kazoo")])).Refused(HttpStatusCode.BadRequest));
        }
        Assert.StartsWith("The field 'stem' is missing: ",
            await Client.PostAsync("api/predict", RunningServer.Form(("mix", mix))).Refused(HttpStatusCode.BadRequest));
        Assert.StartsWith("The field 'mix' is missing: ",
            await Client.PostAsync("api/predict", RunningServer.Form(("stem", "bass"))).Refused(HttpStatusCode.BadRequest));
        Assert.Equal("There is no field 'mixx'; use mix, stem.",
            await Client.PostAsync("api/predict", RunningServer.Form(("mixx", mix))).Refused(HttpStatusCode.BadRequest));
        Assert.Equal("The field 'stem' is given twice; give it once.", await Client.PostAsync("api/predict",
            RunningServer.Form(("mix", mix), ("stem", "bass"), ("stem", "drums"))).Refused(HttpStatusCode.BadRequest));
        Assert.Contains("a ranking needs at least two", await Client.PostAsync("api/rank",
            RunningServer.Form(("mix", mix), ("candidates", mix), ("stem", "bass"))).Refused(HttpStatusCode.BadRequest));
        Assert.Equal("top '0' is not usable; use a whole number from 1 to 1000.", await Client.PostAsync("api/rank",
            RunningServer.Form(("mix", mix), ("candidates", mix), ("candidates", mix), ("stem", "bass"), ("top", 0)))
            .Refused(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Bodies_of_other_types_and_broken_ones_are_refused()
    {
        Assert.Contains("'text/plain", await Client.PostAsync("api/embed",
            new StringContent("x")).Refused(HttpStatusCode.UnsupportedMediaType));
        Assert.Contains("cannot be read as JSON", await Client.PostAsync("api/embed",
            new StringContent("{", Encoding.UTF8, "application/json")).Refused(HttpStatusCode.BadRequest));
        Assert.Contains("is no JSON object", await Client.PostAsync("api/embed",
            new StringContent("[]", Encoding.UTF8, "application/json")).Refused(HttpStatusCode.BadRequest));
        var unfinished = new StringContent("--x\r\nContent-Disposition: form-data; name=recording; filename=a.wav\r\n\r\nRIFF",
            Encoding.UTF8);
        unfinished.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        Assert.Contains("The form cannot be read", await Client.PostAsync("api/embed", unfinished).Refused(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Sounds_that_cannot_be_used_are_told_by_their_names_not_by_the_servers_paths()
    {
        foreach ((string name, byte[] content, string problem) in ((string, byte[], string)[])
            [("noise.wav", [1, 2, 3, 4], "noise.wav: "), ("cut.wav", RunningServer.GoldenFile("mix.wav").Content[..5000],
                "cut.wav: is cut off")])
        {
            string sentence = await Client.PostAsync("api/embed", RunningServer.Form(("recording", new SentFile(name, content))))
                .Refused(HttpStatusCode.UnprocessableEntity);
            Assert.StartsWith(problem, sentence);
            Assert.DoesNotContain(Path.GetTempPath(), sentence);
        }
        Assert.Equal("none.wav: is empty; send a recording.", await Client.PostAsync("api/embed",
            RunningServer.Form(("recording", new SentFile("none.wav", [])))).Refused(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Too_many_bytes_and_too_long_recordings_are_refused()
    {
        byte[] large = WavBytes.Pcm16(16000, 1, new short[600_000]);
        Assert.Contains("is more than the 1 MiB that a request may have", await Client.PostAsync("api/embed",
            RunningServer.Form(("recording", new SentFile("large.wav", large)))).Refused(HttpStatusCode.RequestEntityTooLarge));
        using var unknownLength = new HttpRequestMessage(HttpMethod.Post, "api/embed")
        {
            Content = RunningServer.Form(("recording", new SentFile("large.wav", large))),
            Headers = { TransferEncodingChunked = true },
        };
        await Client.SendAsync(unknownLength).Refused(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal("long.wav: is longer than 10 s; give a shorter part of it.", await Client.PostAsync("api/embed",
            RunningServer.Form(("recording", new SentFile("long.wav",
                WavBytes.Pcm16(8000, 1, [.. Enumerable.Range(0, 88_000).Select(i => (short)i)])))))
            .Refused(HttpStatusCode.RequestEntityTooLarge));
    }

    [Fact]
    public async Task What_this_server_has_not_is_said()
    {
        Assert.Contains("has no catalogue", await Client.PostAsync("api/search",
            RunningServer.Form(("mix", RunningServer.GoldenFile("mix.wav")), ("stem", "bass"))).Refused(HttpStatusCode.NotFound));
        Assert.Contains("indexes no folders",
            await Client.PostAsJsonAsync("api/index", new { folder = Path.GetTempPath() }).Refused(HttpStatusCode.NotFound));
        Assert.Contains("heads.json", await Client.PostAsync("api/analyze",
            RunningServer.Form(("recording", RunningServer.GoldenFile("mix.wav")))).Refused(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Files_of_requests_are_deleted_with_them()
    {
        await Client.PostAsync("api/embed", RunningServer.Form(("recording", RunningServer.GoldenFile("mix.wav")))).Json();
        await Client.PostAsync("api/embed", RunningServer.Form(("recording",
            new SentFile("x.wav", [1])))).Refused(HttpStatusCode.UnprocessableEntity);
        var uploads = _server.Services.GetRequiredService<Uploads.UploadStore>();
        string folder = uploads.Folder!;
        Assert.Empty(Directory.GetFiles(folder));
        uploads.Dispose();
        Assert.False(Directory.Exists(folder));
    }
}
