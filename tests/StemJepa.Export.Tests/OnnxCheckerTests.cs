using CliWrap.Buffered;
using CliWrap;
using StemJepa.TestSupport;
using StemJepa.Training.Networks;

namespace StemJepa.Export.Tests;

/// <summary>The oracle is the ONNX project's own checker.</summary>
public sealed class OnnxCheckerTests
{
    private const string Check = """
        import sys, onnx
        for path in sys.argv[1:]:
            model = onnx.load(path)
            onnx.checker.check_model(model, full_check=True)
            shapes = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
            for value in model.graph.output:
                print([d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim])
        """;

    [PythonOnnxFact]
    public async Task The_full_check_accepts_every_standard_graph()
    {
        using var temporary = new TemporaryFolder();
        foreach (PatchEmbedding embedding in Enum.GetValues<PatchEmbedding>())
        {
            using var weights = new RandomWeights(new NetworkSizes("noise", 32, 2, 2, [24, 40], embedding), seed: 5);
            weights.Save(temporary.PathOf("w.safetensors"));
            ModelExporter.Export(new ExportOptions { From = temporary.PathOf("w.safetensors"), Out = temporary.PathOf("model") });
            BufferedCommandResult result = await Cli.Wrap(PythonOnnxFactAttribute.Python)
                .WithArguments(["-c", Check, .. Directory.GetFiles(temporary.PathOf("model"), "*.onnx").Order()])
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
            Assert.True(result.IsSuccess, result.StandardError);
            Assert.Equal(
                Enumerable.Repeat("['batch', 5, 'time', 32]", 3), result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
