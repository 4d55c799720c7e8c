using System.Text.Json;
using System.Text.RegularExpressions;
using CliWrap.Buffered;
using CliWrap;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

public sealed class MapCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Picture_and_page_hold_every_recording_and_play_its_sound()
    {
        string music = Music();
        ToolResult result =
            await ToolRun.WithModel("map", music, "--out", _folder.PathOf("out"), "--colour", "key", "--seconds", "1", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(["picture", "page", "model", "variance", "points", "skipped"], ToolResult.Names(result.Json));
        JsonElement[] points = [.. result.Json.GetProperty("points").EnumerateArray()];
        Assert.Equal(["bass Am 90bpm.wav", "drums 120bpm.wav", "thing & <i>.wav"],
            points.Select(point => Path.GetFileName(point.GetProperty("file").GetString())));
        Assert.Equal(("bass", "A minor", 90.0), (points[0].GetProperty("stem").GetString(), points[0].GetProperty("key").GetString(),
            points[0].GetProperty("tempo").GetDouble()));
        Assert.Equal(JsonValueKind.Null, points[2].GetProperty("stem").ValueKind);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(result.Json.GetProperty("picture").GetString()!)[..4]);

        string page = File.ReadAllText(result.Json.GetProperty("page").GetString()!);
        Assert.DoesNotMatch("(src|href)=\"(?!#)", page);
        Assert.DoesNotContain("<i>", page);
        using JsonDocument data =
            JsonDocument.Parse(Regex.Match(page, "<script id=\"data\"[^>]*>(.*?)</script>", RegexOptions.Singleline).Groups[1].Value);
        JsonElement[] drawn = [.. data.RootElement.GetProperty("recordings").EnumerateArray()];
        Assert.Equal(points.Select(point => point.GetProperty("x").GetDouble()), drawn.Select(point => point.GetProperty("x").GetDouble()));
        foreach (JsonElement point in drawn)
        {
            string sound = point.GetProperty("sound").GetString()!;
            AudioClip clip = AudioClip.Load(new MemoryStream(Convert.FromBase64String(sound[(sound.IndexOf(',') + 1)..])), "sound");
            Assert.InRange(clip.Duration.TotalSeconds, 0.5, 1);
            Assert.Contains(clip.Samples.ToArray(), sample => Math.Abs(sample) > 0.05);
        }
    }

    /// <summary>The page draws all of its points and its legend in a browser, without an error.</summary>
    [RequiresProgramFact("chromium")]
    public async Task A_browser_draws_the_page()
    {
        ToolResult made = await ToolRun.WithModel("map", Music(), "--out", _folder.PathOf("out"));
        Assert.Equal(0, made.ExitCode);
        BufferedCommandResult browser = await Cli.Wrap("chromium")
            .WithArguments(["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={_folder.PathOf("browser")}",
            "--enable-logging=stderr", "--dump-dom", new Uri(_folder.PathOf("out/map.html")).AbsoluteUri])
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        string drawn = browser.StandardOutput;
        Assert.DoesNotContain("CONSOLE", browser.StandardError);
        Assert.Contains("data-ready=\"yes\"", drawn);
        Assert.Equal(3, Regex.Count(drawn, "<circle [^>]*cx=\"[0-9.]+\"[^>]*fill=\"#[0-9a-f]{6}\""));
        Assert.Equal(3, Regex.Count(drawn, "class=\"swatch\""));
    }

    [Fact]
    public async Task What_cannot_be_mapped_is_named()
    {
        string music = Music();
        (await ToolRun.WithModel("map", _folder.PathOf("gone"), "--out", _folder.PathOf("out"))).IsRefused(2, "gone");
        (await ToolRun.WithModel("map", music, "--out", _folder.PathOf("out"), "--colour", "mood")).IsRefused(2, "mood");
        (await ToolRun.WithModel("map", music, "--out", _folder.PathOf("out"), "--seconds", "-1")).IsRefused(2, "--seconds");
        Directory.CreateDirectory(_folder.PathOf("empty"));
        (await ToolRun.WithModel("map", _folder.PathOf("empty"), "--out", _folder.PathOf("out"))).IsRefused(2, "at least two");
        _folder.Write("music/broken.wav", [1, 2, 3]);
        ToolResult some = await ToolRun.WithModel("map", music, "--out", _folder.PathOf("out"), "--seconds", "0", "--json");
        Assert.Equal((1, 3, 1),
            (some.ExitCode, some.Json.GetProperty("points").GetArrayLength(), some.Json.GetProperty("skipped").GetArrayLength()));
    }

    private string Music()
    {
        Directory.CreateDirectory(_folder.PathOf("music"));
        TestWav.Tone(_folder.PathOf("music/bass Am 90bpm.wav"), 55);
        TestWav.Tone(_folder.PathOf("music/drums 120bpm.wav"), 2000);
        TestWav.Tone(_folder.PathOf("music/thing & <i>.wav"), 440);
        return _folder.PathOf("music");
    }
}
