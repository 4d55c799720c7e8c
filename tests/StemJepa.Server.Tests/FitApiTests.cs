using System.Text.Json;
using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

/// <summary>Fit and preview over HTTP. Oracle: the library, asked directly.</summary>
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
        await AssertSounds(rendered.Audio, server, fit);

        JsonElement preview = await Ask(server, "api/preview");
        await AssertSounds(rendered.UnderMix(mix), server, preview);
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
