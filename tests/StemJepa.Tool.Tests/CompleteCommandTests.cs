using System.Text.Json;
using StemJepa.Reporting;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>The command with the shipped model, on stems of demo songs.</summary>
public sealed class CompleteCommandTests
{
    [ShippedHeadsFact]
    public async Task Stems_of_a_folder_are_added_one_after_the_other()
    {
        using var folder = new TemporaryFolder();
        string library = folder.PathOf("library"), mix = folder.PathOf("mix.wav"), file = folder.PathOf("arrangement.wav");
        Directory.CreateDirectory(library);
        IReadOnlyList<DemoSong> songs = DemoSongs.Load();
        for (int i = 0; i < 3; i++)
        {
            songs[i].Stems[(int)Stem.Bass].Save(Path.Combine(library, $"{i} bass.wav"));
            songs[i].Stems[(int)Stem.Drums].Save(Path.Combine(library, $"{i} drums.wav"));
        }
        songs[0].Stems[(int)Stem.Other].Save(mix);
        ToolResult result = await ToolRun.InProcess("complete", mix, "--in", library, "--stems", "drums,bass", "--beam", "2", "--out", file,
            "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["mix", "stems", "arrangements", "preview"], ToolResult.Names(result.Json));
        JsonElement[] arrangements = [.. result.Json.GetProperty("arrangements").EnumerateArray()];
        Assert.Equal(2, arrangements.Length);
        Assert.True(arrangements[0].GetProperty("affinity").GetSingle() >= arrangements[1].GetProperty("affinity").GetSingle());
        Assert.All(arrangements, arrangement => Assert.Equal(["drums", "bass"],
            arrangement.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("stem").GetString())));
        Assert.All(arrangements[0].GetProperty("parts").EnumerateArray(), part =>
            Assert.Contains(part.GetProperty("stem").GetString()!, Path.GetFileName(part.GetProperty("file").GetString()!)));
        Assert.Equal(AudioClip.Load(mix).Samples.Length, AudioClip.Load(file).Samples.Length);
    }

    [Theory, InlineData("flute"), InlineData("bass,bass"), InlineData("")]
    public async Task A_list_that_is_none_is_misuse(string stems)
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        ToolResult result = await ToolRun.InProcess("complete", mix, "--in", folder.PathOf("."), "--stems", stems);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--stems", result.Error);
    }
}
