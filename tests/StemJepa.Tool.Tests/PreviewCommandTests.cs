using System.Text.Json;
using StemJepa.Reporting;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>The command with the shipped model, on a demo song.</summary>
public sealed class PreviewCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ShippedHeadsFact]
    public async Task Json_says_how_it_fits_and_the_preview_is_where_it_says()
    {
        (string mix, string candidate) = WriteSong();
        string file = _folder.PathOf("preview.wav");
        ToolResult result = await ToolRun.InProcess("preview", mix, candidate, "--stem", "bass", "--out", file, "--json");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(["affinity_before", "affinity", "semitones", "tempo_ratio", "start", "preview"], ToolResult.Names(result.Json));
        Assert.Equal(file, result.Json.GetProperty("preview").GetString());
        Assert.InRange(result.Json.GetProperty("affinity").GetSingle(), -1f, 1f);
        MultichannelClip preview = MultichannelClip.Load(file);
        Assert.Equal((2, 16000, AudioClip.Load(mix).Samples.Length), (preview.Channels.Count, preview.SampleRate, preview.Length));
        Assert.True(Loudness.TruePeak(preview) <= -0.99);
    }

    /// <summary>What may not be changed is not, and a candidate alone keeps rate, channels and length then.</summary>
    [ShippedHeadsFact]
    public async Task The_candidate_alone_is_written_as_it_is_where_nothing_may_change()
    {
        (string mix, string candidate) = WriteSong();
        string file = _folder.PathOf("solo.wav");
        ToolResult result = await ToolRun.InProcess("preview", mix, candidate, "--stem", "bass", "--out", file, "--solo", "--no-stretch",
            "--no-transpose", "--gain", "-3", "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal((1.0, 0), (result.Json.GetProperty("tempo_ratio").GetDouble(), result.Json.GetProperty("semitones").GetInt32()));
        MultichannelClip solo = MultichannelClip.Load(file), own = MultichannelClip.Load(candidate);
        Assert.Equal((own.Channels.Count, own.SampleRate, own.Length), (solo.Channels.Count, solo.SampleRate, solo.Length));
        float gain = solo.Channels[0].Span[4000] / own.Channels[0].Span[4000];
        for (int i = 0; i < own.Length; i += 97)
            Assert.Equal(gain * own.Channels[1].Span[i], solo.Channels[1].Span[i], 1e-5);
    }

    [Theory]
    [InlineData("--bars", "--bars", "0"), InlineData("--bars", "--bars", "x"), InlineData("gone.wav"), InlineData("--out")]
    [InlineData("--gain", "--gain", "NaN"), InlineData("--gain", "--gain", "61"), InlineData("--gain", "--gain", "loud")]
    public async Task Misuse_is_one_sentence(string named, params string[] options)
    {
        string mix = TestWav.Tone(_folder.PathOf("mix.wav"), 330);
        string[] output = named == "--out" ? [] : ["--out", _folder.PathOf("x.wav")];
        ToolResult result = await ToolRun.InProcess(
            ["preview", mix, named == "gone.wav" ? _folder.PathOf(named) : mix, "--stem", "bass", .. output, .. options]);
        result.IsRefused(2, named);
    }

    [Theory, InlineData(""), InlineData("."), InlineData("gone/x.wav"), InlineData("mix.wav")]
    public async Task An_output_that_cannot_be_or_is_an_input_is_misuse(string output)
    {
        string mix = TestWav.Tone(_folder.PathOf("mix.wav"), 330);
        byte[] before = File.ReadAllBytes(mix);
        string path = output.Length == 0 ? "" : Path.Combine(_folder.Root, output);
        (await ToolRun.InProcess("preview", mix, mix, "--stem", "bass", "--out", path)).IsRefused(2, "--out");
        (await ToolRun.InProcess("complete", mix, "--in", _folder.Root, "--stems", "bass", "--out", path)).IsRefused(2, "--out");
        (await ToolRun.InProcess("align", mix, mix, "--stem", "bass", "--plot", path)).IsRefused(2, "--plot");
        Assert.Equal(before, File.ReadAllBytes(mix));
    }

    [ShippedHeadsFact]
    public async Task Ranked_recordings_are_fitted_and_heard()
    {
        (string mix, string candidate) = WriteSong();
        string other = _folder.PathOf("other.wav"), previews = _folder.PathOf("previews");
        DemoSongs.Load()[3].Stems[Stem.Bass.Role].Save(other);
        ToolResult result = await ToolRun.InProcess("rank", mix, candidate, other, "--stem", "bass", "--previews", previews, "--json");
        Assert.Equal(0, result.ExitCode);
        JsonElement[] fits = [.. result.Json.GetProperty("results").EnumerateArray().Select(file => file.GetProperty("fit"))];
        Assert.Equal(2, fits.Length);
        Assert.True(fits[0].GetProperty("score").GetDouble() >= fits[1].GetProperty("score").GetDouble());
        Assert.All(fits, fit =>
        {
            Assert.Equal(AudioClip.Load(mix).Samples.Length, MultichannelClip.Load(fit.GetProperty("preview").GetString()!).Length);
            Assert.InRange(fit.GetProperty("rhythm").GetDouble(), -1, 1);
            Assert.Contains(fit.GetProperty("rhythm_relation").GetString(), (string[])["tight", "loose", "apart"]);
            double ratio = fit.GetProperty("tempo_ratio").GetDouble();
            Assert.Equal(AudioClip.Load(candidate).Samples.Length / ratio,
                MultichannelClip.Load(fit.GetProperty("fitted").GetString()!).Length, 2.0);
        });
        Assert.Equal(4, Directory.GetFiles(previews).Length);
    }

    [ShippedHeadsFact]
    public async Task Previews_of_recordings_of_the_same_name_are_files_of_their_own()
    {
        (string mix, string candidate) = WriteSong();
        string[] same = [.. new[] { "a", "b" }
            .Select(name => Path.Combine(Directory.CreateDirectory(_folder.PathOf(name)).FullName, "loop.wav"))];
        File.Copy(candidate, same[0]);
        DemoSongs.Load()[3].Stems[Stem.Bass.Role].Save(same[1]);
        string previews = _folder.PathOf("previews");
        ToolResult result = await ToolRun.InProcess("rank", mix, same[0], same[1], "--stem", "bass", "--previews", previews, "--json");
        Assert.Equal(0, result.ExitCode);
        string[] written = [.. result.Json.GetProperty("results").EnumerateArray().Select(file => file.GetProperty("fit"))
            .SelectMany(fit => new[] { fit.GetProperty("preview").GetString()!, fit.GetProperty("fitted").GetString()! })];
        Assert.Equal(Directory.GetFiles(previews).Order(), written.Order());
        Assert.Equal(4, written.Select(file => Convert.ToHexString(File.ReadAllBytes(file))).Distinct().Count());
    }

    [ShippedHeadsFact]
    public Task A_silent_candidate_is_fitted_with_a_warning() => AssertWarned(TestWav.Silence(_folder.PathOf("nothing.wav")), "is silent");

    [ShippedHeadsFact]
    public Task A_candidate_of_one_sample_is_fitted_with_a_warning() =>
        AssertWarned(TestWav.OneSample(_folder.PathOf("one.wav")), "is shorter than 0.16 s");

    private async Task AssertWarned(string nothing, string warning)
    {
        (string mix, string candidate) = WriteSong();
        ToolResult preview = await ToolRun.InProcess(
            "preview", mix, nothing, "--stem", "bass", "--out", _folder.PathOf("preview.wav"), "--json");
        ToolResult rank = await ToolRun.InProcess("rank", mix, candidate, nothing, "--stem", "bass", "--fit", "--json");
        foreach (ToolResult result in new[] { preview, rank })
        {
            Assert.Equal(0, result.ExitCode);
            Assert.Equal(2, result.Error.Split($"{nothing} {warning}").Length);
        }
    }

    [ShippedHeadsFact]
    public Task A_silent_mix_is_fitted_to_with_a_warning() => AssertMixWarned(TestWav.Silence(_folder.PathOf("nothing.wav")), "is silent");

    [ShippedHeadsFact]
    public Task A_mix_of_one_sample_is_fitted_to_with_a_warning() =>
        AssertMixWarned(TestWav.OneSample(_folder.PathOf("one.wav")), "is shorter than 0.16 s");

    private async Task AssertMixWarned(string mix, string warning)
    {
        string tone = TestWav.Tone(_folder.PathOf("tone.wav"), 110), other = TestWav.Tone(_folder.PathOf("other.wav"), 220);
        ToolResult preview = await ToolRun.InProcess(
            "preview", mix, tone, "--stem", "bass", "--out", _folder.PathOf("x.wav"), "--json");
        ToolResult rank = await ToolRun.InProcess("rank", mix, tone, other, "--stem", "bass", "--fit", "--json");
        foreach (ToolResult result in new[] { preview, rank })
        {
            Assert.Equal(0, result.ExitCode);
            Assert.Equal(2, result.Error.Split($"{mix} {warning}").Length);
        }
    }

    private (string Mix, string Candidate) WriteSong()
    {
        DemoSong song = DemoSongs.Load()[1];
        string mix = _folder.PathOf("mix.wav"), candidate = _folder.PathOf("candidate.wav");
        song.MixWithout(Stem.Bass).Save(mix);
        ReadOnlyMemory<float> bass = song.Stems[Stem.Bass.Role].Samples;
        new MultichannelClip([bass, bass.ToArray().Select(sample => sample / 2).ToArray()], 16000).Save(candidate);
        return (mix, candidate);
    }
}
