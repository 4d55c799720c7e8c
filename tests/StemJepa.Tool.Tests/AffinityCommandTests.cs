using System.Text.Json;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

public sealed class AffinityCommandTests
{
    [Fact]
    public async Task Json_has_the_names_of_the_contract_and_the_librarys_value()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        string candidate = TestWav.Tone(folder.PathOf("bass line.wav"), 55);

        ToolResult result = await ToolRun.WithModel("affinity", mix, candidate, "--stem", "bass", "--json");

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        JsonElement json = result.Json;
        Assert.Equal(["affinity", "stem", "mix", "candidate"], ToolResult.Names(json));
        Assert.Equal("bass", json.GetProperty("stem").GetString());
        Assert.Equal(mix, json.GetProperty("mix").GetString());
        Assert.Equal(candidate, json.GetProperty("candidate").GetString());
        using StemAffinity model = StemAffinity.Load(ToolRun.Model);
        float expected = model.Affinity(AudioClip.Load(mix), AudioClip.Load(candidate), Stem.Bass);
        Assert.Equal(expected, json.GetProperty("affinity").GetSingle(), 1e-5);
    }

    [Fact]
    public async Task Table_names_the_files_and_the_affinity()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        string candidate = TestWav.Tone(folder.PathOf("[bold] odd [name.wav"), 55);

        ToolResult result = await ToolRun.WithModel("affinity", mix, candidate, "--stem", "Drums");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(mix, result.Output);
        Assert.Contains(candidate, result.Output);
        Assert.Matches(@"-?[01]\.\d{3}", result.Output);
    }

    [Fact]
    public async Task Silence_is_embedded_and_reported_as_silent()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        string silent = TestWav.Silence(folder.PathOf("silent.wav"));

        ToolResult result = await ToolRun.WithModel("affinity", mix, silent, "--stem", "bass", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"{silent} is silent", result.Error);
        Assert.InRange(result.Json.GetProperty("affinity").GetSingle(), -1f, 1f);
    }

    [Fact]
    public async Task Header_without_a_size_as_pipes_leave_it_is_read_to_the_end()
    {
        using var folder = new TemporaryFolder();
        string streamed = TestWav.Streamed(folder.PathOf("streamed.wav"));

        ToolResult result = await ToolRun.WithModel("affinity", streamed, streamed, "--stem", "bass", "--json");

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task One_sample_is_enough()
    {
        using var folder = new TemporaryFolder();
        string one = TestWav.OneSample(folder.PathOf("one.wav"));

        ToolResult result = await ToolRun.WithModel("affinity", one, one, "--stem", "other", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.InRange(result.Json.GetProperty("affinity").GetSingle(), -1f, 1f);
    }

    [Fact]
    public async Task Three_hours_are_embedded_in_constant_memory()
    {
        using var folder = new TemporaryFolder();
        string mix = TestWav.Tone(folder.PathOf("mix.wav"), 330);
        string hours = TestWav.Sparse(folder.PathOf("three hours.wav"), TimeSpan.FromHours(3));

        ToolResult result = await ToolRun.WithModel("embed", hours, mix, "--out", folder.PathOf("out"), "--json");

        Assert.Equal(0, result.ExitCode);
        JsonElement first = result.Json[0];
        Assert.Equal(10800, first.GetProperty("seconds").GetDouble(), 3);
        Assert.True(first.GetProperty("silent").GetBoolean());
        long samplesAsFloats = 4L * 3 * 3600 * 16000;
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) < samplesAsFloats / 4, "the recording stayed in memory");
    }
}
