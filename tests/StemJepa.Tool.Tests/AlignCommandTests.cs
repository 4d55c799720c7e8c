using System.Text.Json;
using Spectre.Console;
using StemJepa.Reporting;
using StemJepa.TestSupport;
using StemJepa.Tool.Audio;

namespace StemJepa.Tool.Tests;

public sealed class AlignCommandTests
{
    [Fact]
    public async Task Json_holds_the_librarys_curve_and_the_picture_is_where_it_says()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330), candidate = TestWav.Tone(folder.PathOf("bass.wav"), 55),
            picture = folder.PathOf("curve.png");

        ToolResult result =
            await ToolRun.WithModel("align", mix, candidate, "--stem", "bass", "--within", "0.2", "--plot", picture, "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        JsonElement json = result.Json;
        Assert.Equal(["best_shift", "affinity", "sharpness", "stem", "mix", "candidate", "first_shift", "step", "curve", "correlation_step",
            "correlation_curve", "picture"], ToolResult.Names(json));
        using StemAffinity model = StemAffinity.Load(ToolRun.Model);
        StemAlignment expected = model.Align(AudioClip.Load(mix), AudioClip.Load(candidate), Stem.Bass).Within(TimeSpan.FromSeconds(0.2));
        float[] curve = [.. json.GetProperty("curve").EnumerateArray().Select(value => value.GetSingle())];
        Assert.Equal(expected.Curve.Length, curve.Length);
        Assert.All(curve.Zip(expected.Curve.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.Equal(3, curve.Length);
        Assert.Equal((9, 0.04),
            (json.GetProperty("correlation_curve").GetArrayLength(), Math.Round(json.GetProperty("correlation_step").GetDouble(), 9)));
        Assert.Equal(expected.BestShift.TotalSeconds, json.GetProperty("best_shift").GetDouble(), 1e-9);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(picture)[..4]);
    }

    /// <summary>The bar is full at the end.</summary>
    [Fact]
    public void Progress_goes_through_both_recordings()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330), candidate = TestWav.Tone(folder.PathOf("bass.wav"), 55);
        var task = new ProgressTask(1, "Listening", 2);
        using StemAffinity model = StemAffinity.Load(ToolRun.Model);
        new FileEmbedder(model, CancellationToken.None).Align(mix, candidate, Stem.Bass, new WorkProgress(task));
        Assert.Equal(2, task.Value);
        Assert.True(task.IsFinished);
    }

    [Fact]
    public async Task A_negative_distance_is_misuse()
    {
        ToolResult result = await ToolRun.WithModel("align", "mix.wav", "bass.wav", "--stem", "bass", "--within", "-1");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--within", result.Error);
    }

    [Fact]
    public async Task Missing_recording_is_misuse_and_named()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);

        ToolResult result = await ToolRun.WithModel("align", mix, folder.PathOf("gone.wav"), "--stem", "bass");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("gone.wav", result.Error);
    }
}
