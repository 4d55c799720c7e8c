using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Google.Protobuf;
using StemJepa.Export.Onnx;
using StemJepa.TestSupport;

namespace StemJepa.Export.Tests;

/// <summary>
/// A model folder from anybody may hold networks of permitted operators that run for hours: they are an error that names the file.
/// </summary>
public sealed class EndlessNetworkTests : IDisposable
{
    private const TensorProto.Types.DataType Float = TensorProto.Types.DataType.Float;
    private const int Width = 64, Rate = 16000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Far less than what the networks below take, and far more than a busy machine takes to give up.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly string _network;

    public EndlessNetworkTests()
    {
        GoldenModel.CopyTo(_folder.Root);
        _network = _folder.PathOf(ModelInfo.Load(_folder.Root).Files.TargetEncoder);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1024, 3000)]
    [InlineData(8192, 1)]
    public void A_first_run_that_does_not_end_is_given_up_whether_its_operators_are_many_or_large(int size, int products)
    {
        Replace(Products(size, products, isConstant: false));
        StemAffinity model = StemAffinity.Load(_folder.Root, new StemAffinityOptions { FirstRunLimit = Limit });
        var clip = new AudioClip(new float[Rate], Rate);
        for (int call = 0; call < 2; call++)
        {
            var watch = Stopwatch.StartNew();
            string message = Assert.Throws<StemJepaException>(() => model.Embed(clip)).Message;
            Assert.StartsWith($"{_network} gave no result within 2 s", message);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, Soon);
        }
        Assert.NotNull(model.Predict(clip, Stem.Bass));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Embed(clip));
    }

    [Fact]
    public void A_network_whose_loading_does_not_end_is_given_up()
    {
        Replace(Products(1024, 200, isConstant: true));
        var watch = Stopwatch.StartNew();
        string message = Assert.Throws<StemJepaException>(
            () => StemAffinity.Load(_folder.Root, new StemAffinityOptions { FirstRunLimit = Limit })).Message;
        Assert.StartsWith($"{_network} was not loaded within 2 s", message);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Soon);
    }

    /// <summary>An encoder that first multiplies matrices, of constants or of what depends on its input.</summary>
    private static ModelProto Products(int size, int count, bool isConstant)
    {
        var graph = new GraphBuilder("endless");
        string logMel = graph.Input("log_mel", Float, "A window.", "batch", "80", "frames");
        string column = graph.Constant("column", new float[size], size, 1);
        if (!isConstant)
        {
            string mean = graph.Node("ReduceMean", "mean", [logMel]);
            column = graph.Node("Add", "moved column", [column, graph.Node("Reshape", "one", [mean, graph.Constant("1x1", 1, 1)])]);
        }
        string matrix = graph.Node("MatMul", "matrix", [column, graph.Constant("row", new float[size], 1, size)]);
        string product = matrix;
        for (int i = 0; i < count; i++)
            product = graph.Node("MatMul", $"product {i}", [product, matrix]);
        string sum = graph.Node("Reshape", "sum", [graph.Node("ReduceMean", "means", [product]), graph.Constant("1x1x1x1", 1, 1, 1, 1)]);
        string patches = graph.Node("Reshape", "all patches", [logMel, graph.Constant("shape", 0, 5, -1, 256)]);
        string narrow = graph.Node("Slice", "narrow",
            [patches, graph.Constant("from", 0L), graph.Constant("to", Width), graph.Constant("axis", 3L)]);
        graph.Node("Add", "patches", [narrow, sum]);
        graph.Output("patches", Float, "Patches.", "batch", "5", "time", $"{Width}");
        return graph.Build("Never done.");
    }

    private void Replace(ModelProto network)
    {
        byte[] content = network.ToByteArray();
        File.WriteAllBytes(_network, content);
        string path = _folder.PathOf(ModelInfo.FileName);
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        json["sha256"]![Path.GetFileName(_network)] = Convert.ToHexStringLower(SHA256.HashData(content));
        File.WriteAllText(path, json.ToJsonString());
    }
}
