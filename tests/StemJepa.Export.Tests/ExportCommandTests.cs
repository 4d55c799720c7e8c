using StemJepa.TestSupport;

namespace StemJepa.Export.Tests;

/// <summary>The command line: exit codes, one line on standard error, and what it may replace.</summary>
public sealed class ExportCommandTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly string _weights = Golden.PathOf("official.safetensors");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void An_export_names_its_files_and_makes_missing_parent_folders()
    {
        (int code, string output, string error) =
            Run("--from", _weights, "--out", _temporary.PathOf("new/folder/"), "--heads", "4", "--name", "golden", "--license", "CC0-1.0");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("target_encoder.onnx", output);
        ModelInfo info = ModelInfo.Load(_temporary.PathOf("new/folder"));
        Assert.Equal(("golden", "CC0-1.0"), (info.Name, info.License));
        Assert.Single(Directory.GetFileSystemEntries(_temporary.PathOf("new")));
    }

    [Fact]
    public void The_same_weights_give_the_same_bytes()
    {
        foreach (string name in new[] { "a", "b" })
            Assert.Equal(0, Run("--from", _weights, "--out", _temporary.PathOf(name), "--heads", "4").Code);
        foreach (string file in Directory.GetFiles(_temporary.PathOf("a")))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_temporary.PathOf("b"), Path.GetFileName(file))));
    }

    [Fact]
    public void An_older_model_and_an_empty_folder_are_replaced()
    {
        Directory.CreateDirectory(_temporary.PathOf("model"));
        string[] arguments = ["--from", _weights, "--out", _temporary.PathOf("model"), "--heads", "4"];
        Assert.Equal(0, Run(arguments).Code);
        Assert.Equal(0, Run([.. arguments, "--shared-encoder"]).Code);
        Assert.False(File.Exists(_temporary.PathOf("model/target_encoder.onnx")));
        Assert.Equal("encoder.onnx", ModelInfo.Load(_temporary.PathOf("model")).Files.TargetEncoder);
        Assert.Single(Directory.GetFileSystemEntries(_temporary.Root));
    }

    [Theory]
    [InlineData("notes.txt", "text", "no StemJepa model")]
    [InlineData("model.json", "{\"format\": \"other\"}", "no StemJepa model")]
    [InlineData("model.json", "not JSON", "no StemJepa model")]
    public void A_folder_without_a_model_is_kept(string name, string content, string expected)
    {
        Directory.CreateDirectory(_temporary.PathOf("kept"));
        File.WriteAllText(_temporary.PathOf($"kept/{name}"), content);
        RefusedWith(1, expected, "--from", _weights, "--out", _temporary.PathOf("kept"), "--heads", "4");
        Assert.Equal(content, File.ReadAllText(_temporary.PathOf($"kept/{name}")));
    }

    [Fact]
    public void A_model_folder_with_other_files_and_a_file_are_kept()
    {
        Assert.Equal(0, Run("--from", _weights, "--out", _temporary.PathOf("model"), "--heads", "4").Code);
        File.WriteAllText(_temporary.PathOf("model/notes.txt"), "mine");
        RefusedWith(1, "notes.txt", "--from", _weights, "--out", _temporary.PathOf("model"), "--heads", "4");
        Assert.Equal("mine", File.ReadAllText(_temporary.PathOf("model/notes.txt")));
        RefusedWith(1, "is a file", "--from", _weights, "--out", _temporary.PathOf("model/notes.txt"), "--heads", "4");
    }

    [Fact]
    public void Bad_weights_end_with_1_and_leave_the_older_model()
    {
        Assert.Equal(0, Run("--from", _weights, "--out", _temporary.PathOf("model"), "--heads", "4").Code);
        byte[] before = File.ReadAllBytes(_temporary.PathOf("model/model.json"));
        RefusedWith(1, "safetensors", "--from", Golden.PathOf("mix.wav"), "--out", _temporary.PathOf("model"));
        Assert.Equal(before, File.ReadAllBytes(_temporary.PathOf("model/model.json")));
    }

    [Theory]
    [InlineData("--out", "--from", "x")]
    [InlineData("--from", "--out", "x")]
    [InlineData("--operators", "--from", "x", "--out", "y", "--operators", "onnxruntime")]
    [InlineData("int8", "--from", "x", "--out", "y", "--precision", "int4")]
    [InlineData("--heads", "--from", "x", "--out", "y", "--heads", "few")]
    [InlineData("exclude", "--from", "x", "--out", "y", "--separate-encoders", "--shared-encoder")]
    [InlineData("--out is empty", "--from", "x", "--out", "")]
    [InlineData("nonsense", "--from", "x", "--out", "y", "nonsense")]
    public void Wrong_use_ends_with_2(string expected, params string[] arguments) => RefusedWith(2, expected, arguments);

    private void RefusedWith(int expectedCode, string expected, params string[] arguments)
    {
        (int code, string output, string error) = Run(arguments);
        Assert.Equal((expectedCode, ""), (code, output));
        Assert.Contains(expected, error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = ExportCommand.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
