using System.Text.Json;
using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

/// <summary>Fit and preview over HTTP, and rankings of what was fitted. Oracle: the library, asked directly.</summary>
public sealed class FitApiTests
{
    [ShippedHeadsFact]
    public async Task A_fit_and_its_sound_are_those_of_the_library()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using StemAffinity model = StemAffinity.Create();
        using StemFitter fitter = StemFitter.Create(model);
        MultichannelClip mix = AudioFile.LoadChannels(Golden.PathOf("mix.wav")),
            candidate = AudioFile.LoadChannels(Golden.PathOf("vocals.wav"));
        var options = new StemFitOptions { Transpose = false };
        StemFit expected = fitter.Fit(mix.ToMono(), candidate.ToMono(), Stem.Vocals, options);
        FittedAudio rendered = FittedAudio.Render(expected, mix, candidate, new FitRenderOptions { GainDecibels = -3 });

        JsonElement fit = await Ask(server, "api/fit");
        Assert.Equal(0, fit.GetProperty("semitones").GetInt32());
        Assert.Equal(expected.TempoRatio, fit.GetProperty("tempo_ratio").GetDouble(), 1e-6);
        Assert.Equal(expected.Start.TotalSeconds, fit.GetProperty("start").GetDouble(), 1e-6);
        Assert.Equal(expected.Affinity, fit.GetProperty("affinity").GetSingle(), 1e-4f);
        Assert.Equal(expected.AffinityBefore, fit.GetProperty("affinity_before").GetSingle(), 1e-4f);
        Assert.Equal(expected.Rhythm, fit.GetProperty("rhythm").GetSingle(), 1e-4f);
        Assert.Equal(expected.RhythmRelation.ToString().ToLowerInvariant(), fit.GetProperty("rhythm_relation").GetString());
        await AssertSounds(rendered.Audio, server, fit);

        JsonElement preview = await Ask(server, "api/preview");
        await AssertSounds(rendered.UnderMix(mix), server, preview);
    }

    [ShippedHeadsFact]
    public async Task The_best_of_a_ranking_and_of_a_search_are_ordered_by_their_scores()
    {
        using var library = new TestLibrary();
        using StemAffinity model = StemAffinity.Create();
        string mix = DemoLibrary.Fill(library, model, 3);
        string gone = library.PathOf("gone bass.wav");
        library.Add(model, new CatalogEntry { Id = gone, Path = gone, Stem = Stem.Bass });
        await using RunningServer server = await RunningServer.StartAsync(library.Catalog);
        using StemFitter fitter = StemFitter.Create(model);
        FitMix prepared = fitter.Prepare(AudioClip.Load(mix), Stem.Bass);
        string[] basses = Directory.GetFiles(Path.GetDirectoryName(mix)!, "* bass.wav").Where(path => path != gone && path != mix)
            .ToArray();
        (string Name, StemFit Fit)[] expected = [.. basses.Select(path => (Path.GetFileName(path),
            fitter.Fit(prepared, AudioClip.Load(path)))).OrderByDescending(result => result.Item2.Score)];

        SentFile Sent(string path) => new(Path.GetFileName(path), File.ReadAllBytes(path));
        JsonElement ranked = await server.Client.PostAsync("api/rank", RunningServer.Form([("mix", Sent(mix)), ("stem", "bass"),
            ("fit", 10), .. basses.Select(path => ("candidates", (object)Sent(path)))])).Json();
        AssertFits(expected, [.. ranked.GetProperty("results").EnumerateArray()], result => result.GetProperty("file").GetString()!);

        JsonElement[] found = [.. (await server.Client.PostAsync("api/search",
            RunningServer.Form(("mix", Sent(mix)), ("stem", "bass"), ("fit", 10))).Json()).GetProperty("results").EnumerateArray()];
        Assert.Equal("gone bass.wav", found[^1].GetProperty("recording").GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, found[^1].GetProperty("fit").ValueKind);
        AssertFits(expected, found[..^1], result => result.GetProperty("recording").GetProperty("name").GetString()!);

        JsonElement best = Assert.Single((await server.Client.PostAsync("api/search",
            RunningServer.Form(("mix", Sent(mix)), ("stem", "bass"), ("fit", 10), ("top", 1))).Json()).GetProperty("results")
            .EnumerateArray());
        Assert.Equal(expected[0].Name, best.GetProperty("recording").GetProperty("name").GetString());
    }

    [ShippedHeadsFact]
    public async Task A_fit_of_silence_and_one_in_a_search_come_with_a_warning()
    {
        using var library = new TestLibrary();
        using StemAffinity model = StemAffinity.Create();
        string silent = library.PathOf("silent.wav");
        new AudioClip(new float[16000], 16000).Save(silent);
        library.Add(model, new CatalogEntry { Id = silent, Path = silent, Stem = Stem.Bass });
        await using RunningServer server = await RunningServer.StartAsync(library.Catalog);
        (string Field, object Value)[] query = [("mix", RunningServer.GoldenFile("mix.wav")), ("stem", "bass"), ("fit", 1)];
        JsonElement fit = await server.Client.PostAsync("api/fit", RunningServer.Form(
            ("candidate", new SentFile("silent.wav", File.ReadAllBytes(silent))), query[0], query[1])).Json();
        JsonElement found = await server.Client.PostAsync("api/search", RunningServer.Form(query)).Json();
        foreach (JsonElement answer in new[] { fit, found })
            Assert.Equal("silent.wav is silent, so what is said of it means nothing.",
                Assert.Single(answer.GetProperty("warnings").EnumerateArray()).GetString());
    }

    private static void AssertFits((string Name, StemFit Fit)[] expected, JsonElement[] results, Func<JsonElement, string> nameOf)
    {
        Assert.Equal(expected.Select(result => result.Name), results.Select(nameOf));
        foreach (((_, StemFit fit), JsonElement result) in expected.Zip(results))
        {
            Assert.Equal(fit.Affinity, result.GetProperty("fit").GetProperty("affinity").GetSingle(), 1e-4f);
            Assert.Equal(fit.Score, result.GetProperty("fit").GetProperty("score").GetSingle(), 1e-2f);
            Assert.Equal(fit.Semitones, result.GetProperty("fit").GetProperty("semitones").GetInt32());
            Assert.Equal(fit.Rhythm, result.GetProperty("fit").GetProperty("rhythm").GetSingle(), 1e-4f);
        }
    }

    private static Task<JsonElement> Ask(RunningServer server, string path) => server.Client.PostAsync(path, RunningServer.Form(
        ("mix", RunningServer.GoldenFile("mix.wav")), ("candidate", RunningServer.GoldenFile("vocals.wav")), ("stem", "vocals"),
        ("no_transpose", true), ("gain", -3))).Json();

    private static async Task AssertSounds(MultichannelClip expected, RunningServer server, JsonElement fit)
    {
        byte[] wav = await server.Client.GetByteArrayAsync(fit.GetProperty("sound").GetProperty("audio").GetString());
        MultichannelClip actual = MultichannelClip.Load(new MemoryStream(wav), "the answer");
        Assert.Equal((expected.SampleRate, expected.Channels.Count, expected.Length),
            (actual.SampleRate, actual.Channels.Count, actual.Length));
        for (int i = 0; i < expected.Length; i += 97)
            Assert.Equal(expected.Channels[0].Span[i], actual.Channels[0].Span[i], 1e-4f);
    }
}
