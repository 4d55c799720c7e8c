using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>Issue 2, "Bad input": one sentence that names the file, exit 2 for wrong use and 1 for bad data, never a stack trace.</summary>
public sealed class BadInputTests : IDisposable
{
    private const int BadData = 1, WrongUse = 2;
    private readonly TemporaryFolder _folder = new();
    private readonly string _good;

    public BadInputTests() => _good = TestWav.Tone(_folder.PathOf("good.wav"), 330);

    /// <summary>No default is shown as the runtime prints it: a type's name, a record, or Infinity.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("demo")]
    [InlineData("affinity")]
    [InlineData("rank")]
    [InlineData("embed")]
    [InlineData("index")]
    [InlineData("search")]
    [InlineData("stats")]
    [InlineData("align")]
    [InlineData("analyze")]
    [InlineData("map")]
    [InlineData("bench")]
    public async Task Help_is_in_plain_text(string command)
    {
        ToolResult help = await ToolRun.InProcess([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.DoesNotMatch(@"Infinity|\{|System\.|StemJepa\.(?!Export)|\[default: \]|`\d", help.Output);
        if (command == "")
            Assert.Contains("130 interrupted", help.Output);
    }

    [Theory]
    [InlineData("--device", "gpu")]
    [InlineData("--device", "cuda:")]
    [InlineData("--device", "cuda:-1")]
    [InlineData("--threads", "0")]
    [InlineData("--threads", "2000")]
    public async Task Unknown_devices_and_numbers_of_threads_are_wrong_use(string option, string value) =>
        (await ToolRun.WithModel("affinity", _good, _good, "--stem", "bass", option, value)).IsRefused(WrongUse, $"{option} ");

    [Fact]
    public async Task Cuda_without_its_libraries_is_an_error_and_auto_one_line()
    {
        ToolResult cuda = await ToolRun.WithModel("affinity", _good, _good, "--stem", "bass", "--device", "cuda:1");
        ToolResult auto = await ToolRun.WithModel("affinity", _good, _good, "--stem", "bass", "--threads", "1", "--device", "auto");

        Assert.Contains("is missing", cuda.IsRefused(BadData, "CUDA 13").Error);
        Assert.Equal(0, auto.ExitCode);
        Assert.Contains("CUDA 13", Assert.Single(auto.Error.TrimEnd().Split('\n')));
    }

    public static TheoryData<string> BadRecordings => ["empty", "header-only", "cut-header", "truncated", "nan", "text"];

    [Theory]
    [MemberData(nameof(BadRecordings))]
    public async Task Bad_recording_is_refused_as_mix_and_as_candidate(string kind)
    {
        string bad = Make(kind);
        (await ToolRun.WithModel("affinity", bad, _good, "--stem", "bass", "--json")).IsRefused(BadData, bad);
        (await ToolRun.WithModel("affinity", _good, bad, "--stem", "bass")).IsRefused(BadData, bad);
        (await ToolRun.WithModel("rank", bad, _good, _good, "--stem", "bass", "--json")).IsRefused(WrongUse, _good);
        (await ToolRun.WithModel("rank", bad, _good, TestWav.Tone(_folder.PathOf("other.wav"), 50), "--stem", "bass", "--json")).IsRefused(
            BadData, bad);
    }

    [Fact]
    public async Task Folder_or_nothing_in_the_place_of_a_file_is_wrong_use()
    {
        string missing = _folder.PathOf("missing.wav");
        (await ToolRun.WithModel("affinity", _folder.Root, _good, "--stem", "bass")).IsRefused(WrongUse, _folder.Root);
        (await ToolRun.WithModel("affinity", _good, _folder.Root, "--stem", "bass", "--json")).IsRefused(WrongUse, _folder.Root);
        (await ToolRun.WithModel("rank", _folder.Root, _good, _good, "--stem", "bass")).IsRefused(WrongUse, _folder.Root);
        (await ToolRun.WithModel("embed", _folder.Root, "--out", _folder.PathOf("out"))).IsRefused(WrongUse, _folder.Root);
        (await ToolRun.WithModel("affinity", missing, _good, "--stem", "bass")).IsRefused(WrongUse, missing);
        (await ToolRun.WithModel("embed", _good, "--out", _good)).IsRefused(WrongUse, _good);
    }

    [Theory]
    [InlineData("guitar")]
    [InlineData("0")]
    [InlineData("")]
    public async Task Unknown_stem_is_wrong_use_and_the_known_ones_are_named(string stem)
    {
        ToolResult result = (await ToolRun.WithModel("affinity", _good, _good, "--stem", stem, "--json")).IsRefused(WrongUse, $"'{stem}'");
        Assert.Contains("bass, drums, other, vocals", result.Error);
    }

    [Fact]
    public async Task Missing_arguments_and_unknown_words_are_wrong_use()
    {
        (await ToolRun.InProcess()).IsRefused(WrongUse, "stemjepa --help");
        (await ToolRun.InProcess("rnk")).IsRefused(WrongUse, "rnk");
        (await ToolRun.InProcess("affinity", _good, "--stem", "bass")).IsRefused(WrongUse, "affinity");
        (await ToolRun.InProcess("affinity", _good, _good)).IsRefused(WrongUse, "--stem");
        (await ToolRun.InProcess("embed", _good)).IsRefused(WrongUse, "--out");
        (await ToolRun.InProcess("rank", _good, _good, _good, "--stem", "bass", "--top", "0")).IsRefused(WrongUse, "--top");
        (await ToolRun.InProcess("rank", _good, _good, _good, "--stem", "bass", "--top", "many")).IsRefused(WrongUse, "many");
    }

    [Fact]
    public async Task Fewer_than_two_candidates_are_wrong_use()
    {
        Directory.CreateDirectory(_folder.PathOf("none"));
        Directory.CreateDirectory(_folder.PathOf("one"));
        TestWav.Tone(_folder.PathOf("one/a.wav"), 55);
        (await ToolRun.WithModel("rank", _good, _folder.PathOf("none"), "--stem", "bass")).IsRefused(WrongUse, _folder.PathOf("none"));
        (await ToolRun.WithModel("rank", _good, _folder.PathOf("one"), "--stem", "bass", "--json")).IsRefused(WrongUse,
            _folder.PathOf("one"));
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
        (await ToolRun.InProcess("affinity", _good, _good, "--stem", "bass", "--model", _good)).IsRefused(WrongUse, _good);

    [Fact]
    public async Task File_names_that_begin_with_an_at_sign_are_files()
    {
        string odd = TestWav.Tone(_folder.PathOf("@odd.wav"), 330);
        ToolResult result = await ToolRun.WithModel("affinity", odd, _good, "--stem", "bass", "--json");
        Assert.Equal(0, result.ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private static void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private async Task<ToolResult> RunWithDamagedModel(string name, Action<string> damage)
    {
        string model = _folder.PathOf($"model-{Guid.NewGuid():N}");
        Directory.CreateDirectory(model);
        foreach (string file in Directory.GetFiles(ToolRun.Model))
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        damage(Path.Combine(model, name));
        return await ToolRun.InProcess("affinity", _good, _good, "--stem", "bass", "--json", "--model", model);
    }

    private string Make(string kind)
    {
        string path = _folder.PathOf($"{kind}.wav");
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
