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
            songs[i].Stems[Stem.Bass.Role].Save(Path.Combine(library, $"{i} bass.wav"));
            songs[i].Stems[Stem.Drums.Role].Save(Path.Combine(library, $"{i} drums.wav"));
        }
        songs[0].Stems[Stem.Other.Role].Save(mix);
        ToolResult result = await ToolRun.InProcess("complete", mix, "--in", library, "--stems", "drums,bass", "--beam", "9", "--out", file,
            "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["mix", "stems", "arrangements", "preview"], ToolResult.Names(result.Json));
        JsonElement[] arrangements = [.. result.Json.GetProperty("arrangements").EnumerateArray()];
        Assert.Equal(9, arrangements.Length);
        double[] scores = [.. arrangements.Select(arrangement => arrangement.GetProperty("score").GetDouble())];
        Assert.Equal(scores.OrderDescending(), scores);
        float[] affinities = [.. arrangements.Select(arrangement => arrangement.GetProperty("affinity").GetSingle())];
        Assert.NotEqual(affinities.OrderDescending(), affinities);
        Assert.All(arrangements, arrangement => Assert.Equal(["drums", "bass"],
            arrangement.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("stem").GetString())));
        Assert.All(arrangements[0].GetProperty("parts").EnumerateArray(), part =>
            Assert.Contains(part.GetProperty("stem").GetString()!, Path.GetFileName(part.GetProperty("file").GetString()!)));
        Assert.Equal(AudioClip.Load(mix).Samples.Length, AudioClip.Load(file).Samples.Length);
    }

    [ShippedHeadsFact]
    public async Task Recordings_that_are_gone_are_left_out_and_named_if_none_is_left()
    {
        using var folder = new TemporaryFolder();
        string library = Directory.CreateDirectory(folder.PathOf("library")).FullName, mix = folder.PathOf("mix.wav");
        string catalog = folder.PathOf("catalog");
        string first = Path.Combine(library, "a bass.wav"), second = Path.Combine(library, "b bass.wav");
        DemoSong song = DemoSongs.Load()[0];
        song.Stems[Stem.Bass.Role].Save(first);
        DemoSongs.Load()[1].Stems[Stem.Bass.Role].Save(second);
        song.MixWithout(Stem.Bass).Save(mix);
        Assert.Equal(0, (await ToolRun.InProcess("index", library, "--to", catalog)).ExitCode);
        File.Delete(first);
        ToolResult result = await ToolRun.InProcess("complete", mix, "--in", catalog, "--stems", "bass", "--json");
        Assert.Equal(0, result.ExitCode);
        JsonElement arrangement = Assert.Single(result.Json.GetProperty("arrangements").EnumerateArray());
        Assert.Equal(second, arrangement.GetProperty("parts")[0].GetProperty("file").GetString());
        File.Delete(second);
        (await ToolRun.InProcess("complete", mix, "--in", catalog, "--stems", "bass")).IsRefused(1, "bass.wav");
    }

    [Theory, InlineData("x"), InlineData("0"), InlineData("1.5")]
    public async Task A_beam_that_is_none_is_misuse(string beam)
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        (await ToolRun.InProcess("complete", mix, "--in", folder.Root, "--stems", "bass", "--beam", beam)).IsRefused(2, "--beam");
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
