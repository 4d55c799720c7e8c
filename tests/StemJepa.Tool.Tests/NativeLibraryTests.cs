using System.Runtime.InteropServices;
using CliWrap;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>What the tool says where ONNX Runtime's native library beside it is missing, broken, or another one.</summary>
public sealed class NativeLibraryTests : IDisposable
{
    private static readonly bool IsLinux = OperatingSystem.IsLinux();

    private readonly TemporaryFolder _folder = new();
    private readonly string _native;

    public NativeLibraryTests()
    {
        string program = Path.GetDirectoryName(typeof(Application).Assembly.Location)!;
        foreach (string file in Directory.GetFiles(program, "*.dll").Concat(Directory.GetFiles(program, "*.json")))
            File.WriteAllBytes(_folder.PathOf(Path.GetFileName(file)), File.ReadAllBytes(file));
        string natives = _folder.PathOf(Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native"));
        Directory.CreateDirectory(natives);
        _native = Path.Combine(natives, "libonnxruntime.so");
    }

    public void Dispose() => _folder.Dispose();

    [RequiresProgramFact("gcc")]
    public async Task The_file_at_fault_is_named_with_what_is_wrong_and_what_is_wanted()
    {
        Assert.True(IsLinux, "gcc is taken for Linux's.");
        await Says("ONNX Runtime 1.", "is missing: libonnxruntime.so");

        File.WriteAllText(_native, "no library");
        await Says(_native, "cannot be used as ONNX Runtime 1.", "too short");

        await Compile("int other(void) { return 1; }");
        await Says(_native, "another library of that name");

        await Compile("""
            static const void *api(unsigned version) { return 0; }
            static const char *version(void) { return "1.14.1"; }
            static struct { const void *(*api)(unsigned); const char *(*version)(void); } base = { api, version };
            const void *OrtGetApiBase(void) { return &base; }
            """);
        await Says(_native, "is ONNX Runtime 1.14.1, and 1.", "or later is wanted");
    }

    private async Task Says(params string[] parts)
    {
        string tone = TestWav.Tone(_folder.PathOf("tone.wav"), 220);
        ToolResult result = await ToolRun.Run(ToolRun.Process().WithArguments(
            [_folder.PathOf("StemJepa.Tool.dll"), "affinity", tone, tone, "--stem", "bass", "--model", ToolRun.Model]));
        result.IsRefused(1, parts[0]);
        Assert.All(parts, part => Assert.Contains(part, result.Error));
    }

    private async Task Compile(string source)
    {
        string file = _folder.PathOf("library.c");
        File.WriteAllText(file, source);
        await Cli.Wrap("gcc").WithArguments(["-shared", "-fPIC", "-o", _native, file]).ExecuteAsync();
    }
}
