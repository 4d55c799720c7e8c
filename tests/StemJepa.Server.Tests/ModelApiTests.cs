using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

/// <summary>What the model says over HTTP. Oracle: the library, asked directly.</summary>
public sealed class ModelApiTests : IAsyncLifetime
{
    private readonly TestLibrary _library = new();
    private readonly StemAffinity _model = StemAffinity.Create();
    private RunningServer _server = null!;

    private HttpClient Client => _server.Client;

    public async Task InitializeAsync()
    {
        string bass = _library.Copy("vocals.wav", "a bass.wav"), mix = _library.Copy("mix.wav", "drums & <b>bold.wav");
        _library.Add(_model, new CatalogEntry { Id = bass, Path = bass, Stem = Stem.Bass, Seconds = 8, Key = MusicalKey.Parse("Am"),
            Tempo = 120 },
            new CatalogEntry { Id = mix, Path = mix, Stem = Stem.Drums, Seconds = 8, Tags = ["loop"] });
        _server = await RunningServer.StartAsync(_library.Catalog);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _library.Dispose();
        _model.Dispose();
    }

    [ShippedModelFact]
    public async Task Embeddings_and_predictions_are_those_of_the_library()
    {
        JsonElement embedded = await Client.PostAsync("api/embed",
            RunningServer.Form(("recording", RunningServer.GoldenFile("vocals.wav")))).Json();
        AssertClose(_model.Embed(GoldenModel.Clip("vocals.wav")).UnitVector, embedded.GetProperty("vector"));
        Assert.Equal(8, embedded.GetProperty("seconds").GetDouble(), 2);
        Assert.False(embedded.GetProperty("silent").GetBoolean());

        JsonElement predicted = await Client.PostAsync("api/predict",
            RunningServer.Form(("mix", RunningServer.GoldenFile("mix.wav")), ("stem", "Vocals"))).Json();
        AssertClose(_model.Predict(GoldenModel.Clip("mix.wav"), Stem.Vocals).UnitVector, predicted.GetProperty("vector"));
        Assert.Equal("vocals", predicted.GetProperty("stem").GetString());
    }

    [ShippedModelFact]
    public async Task A_ranking_is_that_of_the_library_and_unusable_files_are_set_aside()
    {
        foreach (bool inTime in (bool[])[false, true])
        {
            JsonElement ranked = await Client.PostAsync("api/rank", RunningServer.Form(
                ("mix", RunningServer.GoldenFile("mix.wav")), ("candidates", RunningServer.GoldenFile("mix.wav")),
                ("candidates", RunningServer.GoldenFile("vocals.wav")), ("candidates", new SentFile("broken.wav", [1, 2, 3])),
                ("stem", "bass"), ("in_time", inTime))).Json();
            AudioClip mix = GoldenModel.Clip("mix.wav"), vocals = GoldenModel.Clip("vocals.wav");
            IReadOnlyList<RankedStem> affinities =
                _model.Rank(mix, [mix, vocals], Stem.Bass, inTime ? AffinityComparison.InTime : AffinityComparison.Mean);
            float[] affinity = [.. affinities.OrderBy(rank => rank.Index).Select(rank => rank.Affinity)];
            float[]? coherence = inTime ? [.. new StemCoherence(_model).Score(mix, [mix, vocals], Stem.Bass)] : null;
            int[] expected = [.. Enumerable.Range(0, 2).OrderByDescending(i => (coherence ?? affinity)[i])];
            string[] names = ["mix.wav", "vocals.wav"];
            JsonElement[] results = [.. ranked.GetProperty("results").EnumerateArray()];
            Assert.Equal(expected.Select(i => names[i]), results.Select(result => result.GetProperty("file").GetString()));
            Assert.All(expected.Zip(results), pair =>
            {
                Assert.Equal(affinity[pair.First], pair.Second.GetProperty("affinity").GetSingle(), 1e-4f);
                Assert.Equal(coherence?[pair.First] ?? float.NaN, pair.Second.TryGetProperty("coherence", out JsonElement score)
                    && score.ValueKind == JsonValueKind.Number ? score.GetSingle() : float.NaN, 1e-4f);
            });
            JsonElement skipped = Assert.Single(ranked.GetProperty("skipped").EnumerateArray());
            Assert.Equal("broken.wav", skipped.GetProperty("file").GetString());
            Assert.StartsWith("broken.wav: ", skipped.GetProperty("error").GetString());
        }
    }

    [ShippedModelFact]
    public async Task A_search_is_that_of_the_catalogue_with_its_filters()
    {
        JsonElement kept = await Client.PostAsync("api/uploads", RunningServer.Form(("file", RunningServer.GoldenFile("mix.wav")))).Json();
        string id = kept.GetProperty("id").GetString()!;
        StemEmbedding prediction = _model.Predict(GoldenModel.Clip("mix.wav"), Stem.Bass);
        using StemCatalog catalog = StemCatalog.Open(_library.Catalog);

        JsonElement found = await Search(new { mix = id, stem = "bass", any_stem = true });
        IReadOnlyList<CatalogMatch> expected = catalog.Search(prediction);
        Assert.Equal(expected.Select(match => match.Entry.Path), Paths(found));
        Assert.All(expected.Zip(found.GetProperty("results").EnumerateArray()), pair =>
            Assert.Equal(pair.First.Affinity, pair.Second.GetProperty("affinity").GetSingle(), 1e-4f));

        Assert.Equal([_library.PathOf("a bass.wav")], Paths(await Search(new { mix = id, stem = "bass" })));
        Assert.Equal([_library.PathOf("a bass.wav")], Paths(await Search(new { mix = id, stem = "bass", any_stem = true,
            key = "A minor" })));
        Assert.Equal([_library.PathOf("a bass.wav")], Paths(await Search(new { mix = id, stem = "bass", any_stem = true,
            min_tempo = 119 })));
        Assert.Equal([_library.PathOf("drums & <b>bold.wav")],
            Paths(await Search(new { mix = id, stem = "bass", any_stem = true, tag = new[] { "loop" } })));
        Assert.Equal([_library.PathOf("a bass.wav")], Paths(await Search(new { mix = id, stem = "bass", any_stem = true,
            text = "a bass" })));
        Assert.Empty(Paths(await Search(new { mix = id, stem = "bass", any_stem = true, max_seconds = 7 })));
        Assert.Single(Paths(await Search(new { mix = id, stem = "bass", any_stem = true, top = 1 })));
    }

    [ShippedHeadsFact]
    public async Task A_search_tells_why_by_the_librarys_own_comparisons()
    {
        using StemAnalyzer analyzer = StemAnalyzer.Create(_model);
        StemAnalysis analysis = analyzer.Analyze(GoldenModel.Clip("mix.wav"));
        JsonElement found = await Client.PostAsync("api/search",
            RunningServer.Form(("mix", RunningServer.GoldenFile("mix.wav")), ("stem", "bass"), ("why", true))).Json();
        JsonElement result = Assert.Single(found.GetProperty("results").EnumerateArray());
        KeyMatch key = KeyMatch.Between(MusicalKey.Parse(found.GetProperty("mix_key").GetString()!), MusicalKey.Parse("Am"));
        TempoMatch tempo = TempoMatch.Between(found.GetProperty("mix_tempo").GetDouble(), 120);
        Assert.Equal(analysis.Key.ToString(), found.GetProperty("mix_key").GetString());
        Assert.Equal(key.Relation.ToString().ToLowerInvariant(), result.GetProperty("key_relation").GetString());
        Assert.Equal(key.Semitones, result.GetProperty("key_semitones").GetInt32());
        Assert.Equal(tempo.Relation.ToString().ToLowerInvariant(), result.GetProperty("tempo_relation").GetString());
        Assert.Equal(tempo.Ratio, result.GetProperty("tempo_ratio").GetDouble(), 1e-6);

        JsonElement plain = await Client.PostAsync("api/search",
            RunningServer.Form(("mix", RunningServer.GoldenFile("mix.wav")), ("stem", "bass"))).Json();
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("mix_key").ValueKind);
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("results")[0].GetProperty("key_relation").ValueKind);
    }

    [ShippedHeadsFact]
    public async Task Analysis_and_alignment_are_those_of_the_library()
    {
        using StemAnalyzer analyzer = StemAnalyzer.Create(_model);
        StemAnalysis expected = analyzer.Analyze(GoldenModel.Clip("mix.wav"));
        JsonElement analysis =
            await Client.PostAsync("api/analyze", RunningServer.Form(("recording", RunningServer.GoldenFile("mix.wav")))).Json();
        Assert.Equal(expected.Key.ToString(), analysis.GetProperty("key").GetString());
        Assert.Equal(expected.Tempo, analysis.GetProperty("tempo").GetDouble(), 1e-3);
        Assert.Equal(expected.Beats.Count, analysis.GetProperty("beats").GetArrayLength());

        StemAlignment aligned = _model.Align(GoldenModel.Clip("mix.wav"), GoldenModel.Clip("vocals.wav"), Stem.Vocals);
        JsonElement alignment = await Client.PostAsync("api/align", RunningServer.Form(("mix", RunningServer.GoldenFile("mix.wav")),
            ("candidate", RunningServer.GoldenFile("vocals.wav")), ("stem", "vocals"))).Json();
        Assert.Equal(aligned.BestShift.TotalSeconds, alignment.GetProperty("start").GetDouble(), 1e-3);
    }

    [ShippedModelFact]
    public async Task Recordings_and_their_sound_are_found_by_id_in_ranges()
    {
        JsonElement found = await Client.PostAsync("api/search",
            RunningServer.Form(("mix", RunningServer.GoldenFile("mix.wav")), ("stem", "drums"))).Json();
        JsonElement recording = Assert.Single(found.GetProperty("results").EnumerateArray()).GetProperty("recording");
        string id = recording.GetProperty("id").GetString()!, audio = recording.GetProperty("audio").GetString()!;
        JsonElement known = await Client.GetAsync($"api/recordings/{id}").Json();
        Assert.Equal("drums & <b>bold.wav", known.GetProperty("name").GetString());
        Assert.Equal(["loop"], known.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));

        byte[] expected = File.ReadAllBytes(Golden.PathOf("mix.wav"));
        Assert.Equal(expected, await Client.GetByteArrayAsync(audio));
        using var part = new HttpRequestMessage(HttpMethod.Get, audio) { Headers = { Range = new RangeHeaderValue(1000, 2999) } };
        using HttpResponseMessage answer = await Client.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal("audio/wav", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(expected.Length, answer.Content.Headers.ContentRange?.Length);
        Assert.Equal(expected[1000..3000], await answer.Content.ReadAsByteArrayAsync());
        using var beyond = new HttpRequestMessage(HttpMethod.Get,
            audio) { Headers = { Range = new RangeHeaderValue(expected.Length, null) } };
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await Client.SendAsync(beyond)).StatusCode);
    }

    [ShippedModelFact]
    public async Task Uploads_are_kept_until_they_are_deleted()
    {
        JsonElement kept = await Client.PostAsync("api/uploads", RunningServer.Form(("file", RunningServer.GoldenFile("mix.wav")))).Json();
        string id = kept.GetProperty("id").GetString()!, audio = kept.GetProperty("audio").GetString()!;
        Assert.Equal(File.ReadAllBytes(Golden.PathOf("mix.wav")), await Client.GetByteArrayAsync(audio));
        Assert.Equal(HttpStatusCode.NoContent, (await Client.DeleteAsync($"api/uploads/{id}")).StatusCode);
        await Client.GetAsync(audio).Refused(HttpStatusCode.NotFound);
        await Client.DeleteAsync($"api/uploads/{id}").Refused(HttpStatusCode.NotFound);
        await Client.PostAsJsonAsync("api/predict", new { mix = id, stem = "bass" }).Refused(HttpStatusCode.NotFound);
    }

    [ShippedModelFact]
    public async Task Statistics_health_and_metrics_tell_what_was_done()
    {
        JsonElement statistics = await Client.GetAsync("api/catalog").Json();
        Assert.Equal(2, statistics.GetProperty("recordings").GetInt32());
        Assert.Equal(1, statistics.GetProperty("stems").GetProperty("bass").GetInt32());
        Assert.Equal(1, statistics.GetProperty("known_key").GetInt32());
        JsonElement health = await Client.GetAsync("health").Json();
        Assert.Equal("ok", health.GetProperty("status").GetString());
        Assert.True(health.GetProperty("catalog").GetBoolean());
        Assert.False(health.GetProperty("index").GetBoolean());

        await Client.PostAsync("api/search", RunningServer.Form(("mix", RunningServer.GoldenFile("mix.wav")), ("stem", "drums"))).Json();
        string metrics = await Client.GetStringAsync("metrics");
        Assert.Contains("stemjepa_clips_total{stemjepa_operation=\"predict\"} 1\n", metrics);
        Assert.Contains("stemjepa_audio_duration_seconds_total{stemjepa_operation=\"predict\"} 8\n", metrics);
        Assert.Contains("stemjepa_catalog_searches_total 1\n", metrics);
        Assert.Contains("stemjepa_operation_duration_seconds_bucket{stemjepa_operation=\"predict\",le=\"+Inf\"} 1\n", metrics);
    }

    private Task<JsonElement> Search(object query) => Client.PostAsJsonAsync("api/search", query).Json();

    private static IEnumerable<string?> Paths(JsonElement found) => found.GetProperty("results").EnumerateArray()
        .Select(result => result.GetProperty("recording").GetProperty("path").GetString());

    private static void AssertClose(ReadOnlyMemory<float> expected, JsonElement actual) =>
        Assert.All(expected.ToArray().Zip(actual.EnumerateArray()), pair => Assert.Equal(pair.First, pair.Second.GetSingle(), 1e-4f));
}
