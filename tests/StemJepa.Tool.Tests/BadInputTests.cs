using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>Issue 2, "Bad input": one sentence that names the file, exit 2 for wrong use and 1 for bad data, never a stack trace.</summary>
public sealed class BadInputTests : IDisposable
{
    private const int BadData = 1, WrongUse = 2;
    private readonly TemporaryFolder folder = new();
    private readonly string good;

    public BadInputTests() => good = TestWav.Tone(folder.PathOf("good.wav"), 330);

    public static TheoryData<string> BadRecordings => ["empty", "header-only", "cut-header", "truncated", "nan", "text"];

    [Theory]
    [MemberData(nameof(BadRecordings))]
    public async Task Bad_recording_is_refused_as_mix_and_as_candidate(string kind)
    {
        string bad = Make(kind);
        (await ToolRun.WithModel("affinity", bad, good, "--stem", "bass", "--json")).IsRefused(BadData, bad);
        (await ToolRun.WithModel("affinity", good, bad, "--stem", "bass")).IsRefused(BadData, bad);
        (await ToolRun.WithModel("rank", bad, good, good, "--stem", "bass", "--json")).IsRefused(WrongUse, good);
        (await ToolRun.WithModel("rank", bad, good, TestWav.Tone(folder.PathOf("other.wav"), 50), "--stem", "bass", "--json")).IsRefused(BadData, bad);
    }

    [Fact]
    public async Task Folder_or_nothing_in_the_place_of_a_file_is_wrong_use()
    {
        string missing = folder.PathOf("missing.wav");
        (await ToolRun.WithModel("affinity", folder.Root, good, "--stem", "bass")).IsRefused(WrongUse, folder.Root);
        (await ToolRun.WithModel("affinity", good, folder.Root, "--stem", "bass", "--json")).IsRefused(WrongUse, folder.Root);
        (await ToolRun.WithModel("rank", folder.Root, good, good, "--stem", "bass")).IsRefused(WrongUse, folder.Root);
        (await ToolRun.WithModel("embed", folder.Root, "--out", folder.PathOf("out"))).IsRefused(WrongUse, folder.Root);
        (await ToolRun.WithModel("affinity", missing, good, "--stem", "bass")).IsRefused(WrongUse, missing);
        (await ToolRun.WithModel("embed", good, "--out", good)).IsRefused(WrongUse, good);
    }

    [Theory]
    [InlineData("guitar")]
    [InlineData("0")]
    [InlineData("")]
    public async Task Unknown_stem_is_wrong_use_and_the_known_ones_are_named(string stem)
    {
        ToolResult result = (await ToolRun.WithModel("affinity", good, good, "--stem", stem, "--json")).IsRefused(WrongUse, $"'{stem}'");
        Assert.Contains("bass, drums, other, vocals", result.Error);
    }

    [Fact]
    public async Task Missing_arguments_and_unknown_words_are_wrong_use()
    {
        (await ToolRun.InProcess()).IsRefused(WrongUse, "stemjepa --help");
        (await ToolRun.InProcess("rnk")).IsRefused(WrongUse, "rnk");
        (await ToolRun.InProcess("affinity", good, "--stem", "bass")).IsRefused(WrongUse, "affinity");
        (await ToolRun.InProcess("affinity", good, good)).IsRefused(WrongUse, "--stem");
        (await ToolRun.InProcess("embed", good)).IsRefused(WrongUse, "--out");
        (await ToolRun.InProcess("rank", good, good, good, "--stem", "bass", "--top", "0")).IsRefused(WrongUse, "--top");
        (await ToolRun.InProcess("rank", good, good, good, "--stem", "bass", "--top", "many")).IsRefused(WrongUse, "many");
    }

    [Fact]
    public async Task Fewer_than_two_candidates_are_wrong_use()
    {
        Directory.CreateDirectory(folder.PathOf("none"));
        Directory.CreateDirectory(folder.PathOf("one"));
        TestWav.Tone(folder.PathOf("one/a.wav"), 55);
        (await ToolRun.WithModel("rank", good, folder.PathOf("none"), "--stem", "bass")).IsRefused(WrongUse, folder.PathOf("none"));
        (await ToolRun.WithModel("rank", good, folder.PathOf("one"), "--stem", "bass", "--json")).IsRefused(WrongUse, folder.PathOf("one"));
    }

    [Fact]
    public async Task Damaged_model_folder_is_bad_data_and_the_file_is_named()
    {
        foreach (string name in (string[])["model.json", "predictor.onnx", "target_encoder.onnx"])
        {
            (await RunWithDamagedModel(name, File.Delete)).IsRefused(BadData, name);
            (await RunWithDamagedModel(name, path => File.WriteAllBytes(path, File.ReadAllBytes(path)[..^7]))).IsRefused(BadData, name);
        }
        (await RunWithDamagedModel("encoder.onnx", Flip)).IsRefused(BadData, "encoder.onnx");
    }

    [Fact]
    public async Task Model_that_is_no_folder_is_wrong_use() =>
        (await ToolRun.InProcess("affinity", good, good, "--stem", "bass", "--model", good)).IsRefused(WrongUse, good);

    [Fact]
    public async Task File_names_that_begin_with_an_at_sign_are_files()
    {
        string odd = TestWav.Tone(folder.PathOf("@odd.wav"), 330);
        ToolResult result = await ToolRun.WithModel("affinity", odd, good, "--stem", "bass", "--json");
        Assert.Equal(0, result.ExitCode);
    }

    public void Dispose() => folder.Dispose();

    private static void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private async Task<ToolResult> RunWithDamagedModel(string name, Action<string> damage)
    {
        string model = folder.PathOf($"model-{Guid.NewGuid():N}");
        Directory.CreateDirectory(model);
        foreach (string file in Directory.GetFiles(ToolRun.Model))
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        damage(Path.Combine(model, name));
        return await ToolRun.InProcess("affinity", good, good, "--stem", "bass", "--json", "--model", model);
    }

    private string Make(string kind)
    {
        string path = folder.PathOf($"{kind}.wav");
        switch (kind)
        {
            case "empty": return TestWav.Empty(path);
            case "header-only": return TestWav.HeaderOnly(path);
            case "cut-header": return TestWav.CutInsideHeader(path);
            case "truncated": return TestWav.Truncated(path);
            case "nan": return TestWav.NaN(path);
            default:
                File.WriteAllText(path, "this is not music, and long enough to look like a header of something");
                return path;
        }
    }
}
