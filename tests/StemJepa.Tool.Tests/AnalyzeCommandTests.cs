using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

public sealed class AnalyzeCommandTests
{
    [Fact]
    public async Task A_model_without_heads_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string tone = TestWav.Tone(folder.PathOf("tone.wav"), 330);
        (await ToolRun.WithModel("analyze", tone)).IsRefused(1, "heads.json");
        (await ToolRun.WithModel("analyze", folder.PathOf("gone.wav"))).IsRefused(2, "gone.wav");
    }

    [ShippedHeadsFact]
    public async Task One_recording_is_an_object_and_several_are_an_array()
    {
        using var folder = new TemporaryFolder();
        string tone = TestWav.Tone(folder.PathOf("tone.wav"), 330), broken = folder.Write("broken.wav", [1, 2, 3]);
        ToolResult one = await ToolRun.InProcess("analyze", tone, "--json"),
            two = await ToolRun.InProcess("analyze", tone, broken, "--json");
        Assert.Equal(["file", "key", "key_confidence", "tempo", "tempo_confidence", "beats", "downbeat", "downbeat_confidence", "loop",
            "loudness", "stem", "stem_confidence", "instrument", "instrument_confidence", "silent"],
            ToolResult.Names(one.Json));
        Assert.Equal((0, 1), (one.ExitCode, two.ExitCode));
        Assert.Equal(1, two.Json.GetArrayLength());
        Assert.Contains("broken.wav", two.Error);
    }
}
