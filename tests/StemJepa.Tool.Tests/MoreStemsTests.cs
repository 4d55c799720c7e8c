using System.Text.Json;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>Stems beyond the four roles, with a model that knows a guitar and strings, and with one that does not.</summary>
public sealed class MoreStemsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _library, _catalogue, _mix, _guitar;

    public MoreStemsTests()
    {
        (_library, _catalogue) = (_folder.PathOf("library"), _folder.PathOf("catalogue"));
        Directory.CreateDirectory(_library);
        _guitar = TestWav.Tone(Path.Combine(_library, "a.wav"), 220);
        TestWav.Tone(Path.Combine(_library, "b.wav"), 440);
        _mix = TestWav.Tone(_folder.PathOf("mix.wav"), 330);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_guitar_is_compared_and_ranked_by_the_model_that_knows_it()
    {
        JsonElement compared = (await Run("affinity", _mix, _guitar, "--stem", "Guitar", "--json")).Json;
        using StemAffinity model = StemAffinity.Load(GoldenModel.FolderWithGuitar);
        float expected = model.Affinity(AudioClip.Load(_mix), AudioClip.Load(_guitar), Stem.Parse("guitar"));
        Assert.Equal("guitar", compared.GetProperty("stem").GetString());
        Assert.Equal(expected, compared.GetProperty("affinity").GetSingle(), 1e-6);
        JsonElement ranked = (await Run("rank", _mix, _library, "--stem", "guitar", "--json")).Json;
        Assert.Equal("guitar", ranked.GetProperty("stem").GetString());
        Assert.Equal(2, ranked.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task What_is_indexed_as_guitar_is_found_and_counted_as_such()
    {
        await Run("index", _library, "--to", _catalogue, "--stem", "guitar", "--no-analysis");
        JsonElement counted = (await ToolRun.InProcess("stats", "--in", _catalogue, "--json")).Json;
        Assert.Equal(["bass", "drums", "other", "vocals", "guitar", "unknown"], ToolResult.Names(counted.GetProperty("stems")));
        Assert.Equal(2, counted.GetProperty("stems").GetProperty("guitar").GetInt32());
        Assert.Equal(2, await FoundAs("guitar"));
        Assert.Equal(0, await FoundAs("strings"));
        Assert.Equal(0, await FoundAs("other"));
        Assert.Equal(2, await FoundAs("other", "--any-stem"));

        async Task<int> FoundAs(string stem, params string[] more) =>
            (await Run(["search", _mix, "--stem", stem, "--in", _catalogue, "--json", .. more])).Json.GetProperty("results")
                .GetArrayLength();
    }

    [Fact]
    public async Task A_stem_that_the_model_does_not_know_is_wrong_use()
    {
        await Run("index", _library, "--to", _catalogue, "--no-analysis");
        foreach (string[] command in (string[][])[
            ["affinity", _mix, _guitar, "--stem", "piano"], ["rank", _mix, _library, "--stem", "piano"],
            ["search", _mix, "--in", _catalogue, "--stem", "piano"], ["align", _mix, _guitar, "--stem", "piano"],
            ["preview", _mix, _guitar, "--out", _folder.PathOf("out.wav"), "--stem", "piano"],
            ["complete", _mix, "--in", _library, "--stems", "drums,piano"],
            ["index", _library, "--to", _folder.PathOf("new"), "--stem", "piano"]])
        {
            ToolResult refused = await ToolRun.InProcess([.. command, "--json", "--model", GoldenModel.FolderWithGuitar]);
            refused.IsRefused(2,
                "'piano' is not a stem that the model 'golden' knows; use one of bass, drums, other, vocals, guitar, strings.");
        }
        Assert.False(Directory.Exists(_folder.PathOf("new")));
        Assert.False(File.Exists(_folder.PathOf("out.wav")));
        (await ToolRun.WithModel("affinity", _mix, _guitar, "--stem", "guitar")).IsRefused(2, "use one of bass, drums, other, vocals.");
    }

    [Fact]
    public async Task Help_lists_the_roles_and_says_that_a_model_may_know_more() => Assert.Contains(
        "bass, drums, other, vocals, or another that the model knows",
        string.Join(' ', (await ToolRun.InProcess("affinity", "--help")).Output.Split((char[]?)null,
            StringSplitOptions.RemoveEmptyEntries)));

    private static async Task<ToolResult> Run(params string[] arguments)
    {
        ToolResult result = await ToolRun.InProcess([.. arguments, "--model", GoldenModel.FolderWithGuitar]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result;
    }
}
