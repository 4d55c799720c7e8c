using System.Text.Json;
using StemJepa.Reporting;
using StemJepa.TestSupport;
using StemJepa.Tool.Demo;

namespace StemJepa.Tool.Tests;

public sealed class DemoCommandTests
{
    [Fact]
    public async Task Json_has_the_names_of_the_contract_and_the_picture_is_where_it_says()
    {
        using var folder = new TemporaryFolder();

        ToolResult result = await ToolRun.WithModel("demo", "--json", "--out", folder.PathOf("pictures"));

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        JsonElement json = result.Json;
        Assert.Equal(["songs", "queries", "recall@1", "results", "picture"], ToolResult.Names(json));
        JsonElement[] results = [.. json.GetProperty("results").EnumerateArray()];
        int songs = json.GetProperty("songs").GetInt32();
        Assert.InRange(songs, 8, 16);
        Assert.Equal(4 * songs, json.GetProperty("queries").GetInt32());
        Assert.Equal(4 * songs, results.Length);
        Assert.All(results, query => Assert.Equal(["song", "stem", "rank", "best"], ToolResult.Names(query)));
        Assert.All(results, query => Assert.InRange(query.GetProperty("rank").GetInt32(), 1, songs));
        Assert.All(results, query => Assert.Equal(query.GetProperty("rank").GetInt32() == 1,
            query.GetProperty("best").GetString() == query.GetProperty("song").GetString()));
        double hits = results.Count(query => query.GetProperty("rank").GetInt32() == 1);
        Assert.Equal(hits / results.Length, json.GetProperty("recall@1").GetDouble(), 1e-9);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(json.GetProperty("picture").GetString()!)[..4]);
        Assert.Single(Directory.GetFiles(folder.PathOf("pictures")));
    }

    [Fact]
    public void Every_stem_of_every_song_is_eight_seconds_of_sound()
    {
        foreach (DemoSong song in DemoSongs.Load())
        {
            Assert.Equal(4, song.Stems.Count);
            foreach (AudioClip clip in song.Stems)
            {
                Assert.Equal(16000, clip.SampleRate);
                Assert.Equal(8.0, clip.Duration.TotalSeconds, 1e-6);
                Assert.True(clip.Samples.ToArray().Max(MathF.Abs) > 0.01f, $"{song.Title} has a silent stem");
            }
        }
    }

    [Fact]
    public async Task Licences_name_every_song_and_both_licences()
    {
        ToolResult result = await ToolRun.InProcess("demo", "--licenses");

        Assert.Equal(0, result.ExitCode);
        Assert.All(DemoSongs.Load(), song => Assert.Contains(song.Title, result.Output));
        Assert.Contains("Redistribution and use in source and binary forms", result.Output);
        Assert.Contains("Frank Wen", result.Output);
        Assert.Contains("Bitstream Vera", result.Output);
    }

    [Fact]
    public async Task File_for_the_folder_is_wrong_use()
    {
        using var folder = new TemporaryFolder();
        (await ToolRun.InProcess("demo", "--out", TestWav.Empty(folder.PathOf("file")))).IsRefused(2, folder.PathOf("file"));
    }
}
