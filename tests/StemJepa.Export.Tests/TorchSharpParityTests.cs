using StemJepa.TestSupport;
using StemJepa.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Export.Tests;

/// <summary>The oracle is the training project's networks, run by libtorch, on random weights of several shapes.</summary>
public sealed class TorchSharpParityTests
{
    public static TheoryData<string, int, int, int, int[], string> Shapes => new()
    {
        { nameof(PatchEmbedding.Linear), 32, 1, 2, [], nameof(TimePositions.Absolute) },
        { nameof(PatchEmbedding.Linear), 48, 3, 1, [20, 36, 28], nameof(TimePositions.Absolute) },
        { nameof(PatchEmbedding.Convolutional), 96, 2, 3, [64], nameof(TimePositions.Absolute) },
        { nameof(PatchEmbedding.Convolutional), 96, 2, 3, [64], nameof(TimePositions.Rotary) },
        { nameof(PatchEmbedding.Linear), 32, 2, 2, [], nameof(TimePositions.Rotary) },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Onnx_Runtime_gives_what_libtorch_gives(string embedding, int width, int depth, int heads, int[] hidden,
        string timePositions)
    {
        const int Batch = 2, Time = 9;
        using var temporary = new TemporaryFolder();
        var positions = Enum.Parse<TimePositions>(timePositions);
        var sizes = new NetworkSizes("noise", width, depth, heads, hidden, Enum.Parse<PatchEmbedding>(embedding), positions);
        using var weights = new RandomWeights(sizes, seed: 7);
        weights.Save(temporary.PathOf("noise.safetensors"));
        using ExportedModel model = ExportedModel.Create(temporary, temporary.PathOf("noise.safetensors"));
        Assert.Equal(positions, model.Info.Encoder.TimePositions);
        Assert.Equal(positions == TimePositions.Rotary,
            File.ReadAllText(temporary.PathOf("model/model.json")).Contains("\"time_positions\": \"rotary\""));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(3);
        Tensor logMel = randn([Batch, 80, 16 * Time], generator: generator);
        Tensor context = weights.Encoder.forward(logMel), target = weights.TargetEncoder.forward(logMel);
        Tensor prediction = weights.Predictor.forward(context, tensor(new long[] { 3, 1 }));
        Close.Equal(RandomWeights.Values(context), model.EncodeContext(RandomWeights.Values(logMel), Batch));
        Close.Equal(RandomWeights.Values(target), model.EncodeTarget(RandomWeights.Values(logMel), Batch));
        Close.Equal(RandomWeights.Values(prediction), model.Predict(RandomWeights.Values(context), 3, 1));
    }

    [Fact]
    public void The_description_repeats_what_the_weights_say()
    {
        using var temporary = new TemporaryFolder();
        using var weights = new RandomWeights(new NetworkSizes("noise", 48, 1, 3, [20, 36], PatchEmbedding.Convolutional), seed: 1);
        weights.Save(temporary.PathOf("w.safetensors"), equalEncoders: true);
        using ExportedModel model = ExportedModel.Create(temporary, temporary.PathOf("w.safetensors"));
        ModelInfo info = model.Info;
        Assert.Equal(("noise", "MIT", 48, 1, 3), (info.Name, info.License, info.Encoder.Width, info.Encoder.Depth, info.Encoder.Heads));
        Assert.Equal(PatchEmbedding.Convolutional, info.Encoder.PatchEmbedding);
        Assert.Equal([20, 36], info.Predictor.Hidden);
        Assert.Equal((-7.5f, 2.25f), (info.FrontEnd.Mean, info.FrontEnd.StandardDeviation));
        Assert.Equal(new ModelCorpus { Name = "noise", Songs = 3, Hours = 0.5, Steps = 12 }, info.Corpus);
        Assert.Equal(0.25, info.Metrics["recall@1"]);
    }

    [Theory]
    [InlineData(EncoderSharing.Automatic, true, "encoder.onnx", "encoder.onnx")]
    [InlineData(EncoderSharing.Automatic, false, "encoder.onnx", "target_encoder.onnx")]
    [InlineData(EncoderSharing.Separate, true, "encoder.onnx", "target_encoder.onnx")]
    [InlineData(EncoderSharing.Shared, false, "encoder.onnx", "encoder.onnx")]
    internal void Encoders_are_one_file_when_equal_or_asked_for(EncoderSharing sharing, bool equal, string context, string target)
    {
        using var temporary = new TemporaryFolder();
        using var weights = new RandomWeights(new NetworkSizes("noise", 16, 1, 1, [8], PatchEmbedding.Linear), seed: 1);
        weights.Save(temporary.PathOf("w.safetensors"), equal);
        using ExportedModel model = ExportedModel.Create(temporary, temporary.PathOf("w.safetensors"), encoders: sharing);
        Assert.Equal((context, target), (model.Info.Files.ContextEncoder, model.Info.Files.TargetEncoder));
        Assert.Equal(new HashSet<string> { context, target, "predictor.onnx" }.Order(), model.Info.Sha256.Keys.Order());
        Assert.Equal(model.Info.Sha256.Keys.Append(ModelInfo.FileName).Order(),
            Directory.GetFiles(temporary.PathOf("model")).Select(Path.GetFileName).Order()!);
    }
}
