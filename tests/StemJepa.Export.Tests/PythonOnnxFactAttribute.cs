using CliWrap.Buffered;
using CliWrap;

namespace StemJepa.Export.Tests;

/// <summary>A test that needs Debian's package <c>python3-onnx</c>; skipped, with that reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonOnnxFactAttribute : FactAttribute
{
    /// <summary>Debian's own Python: another one on the path does not see Debian's packages.</summary>
    public const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> Installed = new(() =>
        File.Exists(Python) && Cli.Wrap(Python).WithArguments(["-c", "import onnx"]).WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync().GetAwaiter().GetResult().IsSuccess);

    public PythonOnnxFactAttribute()
    {
        if (!Installed.Value)
            Skip = $"{Python} has no module onnx: apt-get install python3-onnx.";
    }
}
