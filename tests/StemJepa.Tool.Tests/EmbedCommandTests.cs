using System.Text.Json;
using CsCheck;
using StemJepa.TestSupport;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Commands;

namespace StemJepa.Tool.Tests;

public sealed class EmbedCommandTests
{
    private static readonly string[] ClashingPaths = ["a/x.wav", "b/X.wav", "x-2.wav", "c/x.flac", "x-2.mp3", "y.wav", "x-2-2.ogg"];

    [Fact]
    public async Task Json_has_the_names_of_the_contract_and_the_files_hold_the_librarys_embeddings()
    {
        using var folder = new TemporaryFolder();
        string tone = TestWav.Tone(folder.PathOf("tone.wav"), 220, seconds: 0.5);
        string silent = TestWav.Silence(folder.PathOf("silent.wav"));
        string output = folder.PathOf("out/deeper");

        ToolResult result = await ToolRun.WithModel("embed", tone, silent, "--out", output, "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"{silent} is silent", result.Error);
        JsonElement[] files = [.. result.Json.EnumerateArray()];
        Assert.All(files, file => Assert.Equal(["file", "embedding", "seconds", "silent"], ToolResult.Names(file)));
        Assert.Equal([tone, silent], files.Select(file => file.GetProperty("file").GetString()!));
        Assert.Equal([Path.Combine(output, "tone.npy"), Path.Combine(output, "silent.npy")],
            files.Select(file => file.GetProperty("embedding").GetString()!));
        Assert.Equal([0.5, 1.0], files.Select(file => file.GetProperty("seconds").GetDouble()));
        Assert.Equal([false, true], files.Select(file => file.GetProperty("silent").GetBoolean()));
        using StemAffinity model = StemAffinity.Load(ToolRun.Model);
        (float[] values, int[] shape) = Npy.Read(Path.Combine(output, "tone.npy"));
        float[] expected = model.Embed(AudioClip.Load(tone)).Vector.ToArray();
        Assert.Equal([expected.Length], shape);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public async Task Clashing_names_get_files_of_their_own()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("one"));
        Directory.CreateDirectory(folder.PathOf("two"));
        string[] files = [TestWav.Tone(folder.PathOf("one/bass.wav"), 55), TestWav.Tone(folder.PathOf("two/Bass.wav"), 82)];

        ToolResult result = await ToolRun.WithModel([.. "embed".Split(' '), .. files, "--out", folder.PathOf("out"), "--json"]);

        Assert.Equal(0, result.ExitCode);
        string[] written = [.. result.Json.EnumerateArray().Select(file => file.GetProperty("embedding").GetString()!)];
        Assert.Equal([folder.PathOf("out/bass.npy"), folder.PathOf("out/Bass-2.npy")], written);
        Assert.All(written, path => Assert.True(File.Exists(path)));
    }

    [Fact]
    public async Task A_bad_file_is_reported_the_others_are_embedded_and_the_exit_code_says_so()
    {
        using var folder = new TemporaryFolder();
        string good = TestWav.Tone(folder.PathOf("good.wav"), 55);
        string bad = TestWav.Empty(folder.PathOf("empty.wav"));

        ToolResult result = await ToolRun.WithModel("embed", bad, good, "--out", folder.PathOf("out"), "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(bad, result.HasNoStackTrace().Error);
        Assert.Equal(good, Assert.Single(result.Json.EnumerateArray()).GetProperty("file").GetString());
        Assert.Equal([folder.PathOf("out/good.npy")], Directory.GetFiles(folder.PathOf("out")));
    }

    [Fact]
    public void Names_never_clash_whatever_the_files_are_called() =>
        Gen.Int[0, ClashingPaths.Length - 1].Select(index => ClashingPaths[index]).Array[1, 12].Sample(paths =>
        {
            string[] names = DistinctNames.For(paths);
            return names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == paths.Length
                && names.Zip(paths)
                .All(pair => pair.First.StartsWith(Path.GetFileNameWithoutExtension(pair.Second), StringComparison.Ordinal));
        });
}
