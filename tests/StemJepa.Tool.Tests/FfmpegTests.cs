using CliWrap;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

public sealed class FfmpegTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [RequiresProgramFact("ffmpeg")]
    public async Task Other_formats_embed_like_the_wav_they_were_made_from()
    {
        string wav = TestWav.Tone(_folder.PathOf("tone.wav"), 220, seconds: 2);
        string[] names = ["tone.flac", "tone.mp3", "tone.ogg", "tone.m4a", "tone.aiff", "tone.stem.mp4"];
        foreach (string name in names)
            await Ffmpeg("-i", wav, _folder.PathOf(name));

        ToolResult result = await ToolRun.WithModel(
            ["embed", wav, .. names.Select(name => _folder.PathOf(name)), "--out", _folder.PathOf("out"), "--json"]);

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        StemEmbedding expected = StemEmbedding.Load(_folder.PathOf("out/tone.npy"));
        foreach (var file in result.Json.EnumerateArray())
        {
            string path = file.GetProperty("file").GetString()!;
            float similarity = StemEmbedding.Load(file.GetProperty("embedding").GetString()!).Similarity(expected);
            bool lossless = path.EndsWith(".flac", StringComparison.Ordinal) || path.EndsWith(".aiff", StringComparison.Ordinal);
            Assert.True(similarity > (lossless ? 0.99999f : 0.9f), $"{path}: {similarity}");
            Assert.Equal(2.0, file.GetProperty("seconds").GetDouble(), lossless ? 1e-6 : 0.1);
        }
    }

    [RequiresProgramFact("ffmpeg")]
    public async Task Stem_mp4_is_read_as_its_first_audio_stream_the_mixture()
    {
        string mixture = TestWav.Tone(_folder.PathOf("mixture.wav"), 220);
        string drums = TestWav.Tone(_folder.PathOf("drums.wav"), 1800);
        await Ffmpeg("-i", mixture, "-i", drums, "-map", "0:a", "-map", "1:a", "-c:a", "flac", "-strict", "-2",
            _folder.PathOf("song.stem.mp4"));

        ToolResult result =
            await ToolRun.WithModel("embed", mixture, _folder.PathOf("song.stem.mp4"), "--out", _folder.PathOf("out"), "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.True(StemEmbedding.Load(_folder.PathOf("out/mixture.npy"))
            .Similarity(StemEmbedding.Load(_folder.PathOf("out/song.stem.npy"))) > 0.99999f);
    }

    [RequiresProgramFact("ffmpeg")]
    public async Task File_that_ffmpeg_cannot_decode_or_that_is_cut_off_is_bad_data()
    {
        string good = TestWav.Tone(_folder.PathOf("good.wav"), 220);
        string bad = _folder.PathOf("bad.mp3");
        File.WriteAllText(bad, new string('x', 5000));
        ToolResult result = (await ToolRun.WithModel("affinity", good, bad, "--stem", "bass", "--json")).IsRefused(1, bad);
        Assert.Contains("ffmpeg", result.Error);
        string flac = _folder.PathOf("cut.flac");
        await Ffmpeg("-i", good, flac);
        File.WriteAllBytes(flac, File.ReadAllBytes(flac)[..^1000]);
        (await ToolRun.WithModel("affinity", good, flac, "--stem", "bass", "--json")).IsRefused(1, flac);
        (await ToolRun.WithModel("affinity", good, TestWav.Empty(_folder.PathOf("empty.flac")), "--stem", "bass")).IsRefused(1,
            _folder.PathOf("empty.flac"));
    }

    [Fact]
    public async Task Without_ffmpeg_the_error_says_what_is_missing_and_rank_goes_on()
    {
        string mix = TestWav.Tone(_folder.PathOf("mix.wav"), 220);
        string flac = _folder.PathOf("a.flac");
        File.WriteAllText(flac, "fLaC and nothing that matters");
        TestWav.Tone(_folder.PathOf("b.wav"), 55);
        Command affinity = ToolRun.Process("affinity", mix, flac, "--stem", "bass", "--json", "--model", ToolRun.Model);
        Command rank = ToolRun.Process("rank", mix, _folder.Root, "--stem", "bass", "--json", "--model", ToolRun.Model);

        ToolResult refused = (await ToolRun.Run(WithoutPrograms(affinity))).IsRefused(1, flac);
        ToolResult ranked = await ToolRun.Run(WithoutPrograms(rank));

        Assert.Contains("ffmpeg", refused.Error);
        Assert.Contains("install", refused.Error);
        Assert.Equal(1, ranked.ExitCode);
        Assert.Equal(flac, ranked.Json.GetProperty("skipped")[0].GetProperty("file").GetString());
        Assert.Single(ranked.Json.GetProperty("results").EnumerateArray());
    }

    public void Dispose() => _folder.Dispose();

    private Command WithoutPrograms(Command command) => command.WithEnvironmentVariables(variables => variables.Set("PATH", _folder.Root));

    private static async Task Ffmpeg(params string[] arguments) =>
        await Cli.Wrap("ffmpeg").WithArguments(["-nostdin", "-v", "error", .. arguments]).ExecuteAsync();
}
