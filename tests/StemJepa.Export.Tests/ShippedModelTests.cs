using StemJepa.TestSupport;
using StemJepa.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Export.Tests;

/// <summary>The oracle is the training project's networks, run by libtorch, on the weights of the model that the library carries.</summary>
public sealed class ShippedModelTests
{
    private static readonly string Weights = Repository.PathOf("training/weights/small.safetensors");
    private static readonly string Shipped = Repository.PathOf("src/StemJepa/Model");

    [Fact]
    public void Onnx_Runtime_gives_what_libtorch_gives()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new ExportedModel(Shipped);
        using SafetensorsFile file = SafetensorsFile.Open(Weights);
        WeightsConfig? config = WeightsConfig.Read(file);
        var network = new StemJepaNetwork(NetworkSizes.Small with
        {
            TimePositions = config?.TimePositions ?? TimePositions.Absolute, Labels = model.Info.Stems.Count,
        });
        WeightsFile.Load(file, network.state_dict());
        network.eval();
        float[] logMels = [.. new[] { "mix.wav", "vocals.wav" }.SelectMany(name => FirstWindow(Golden.PathOf(name), model.Info))];
        Tensor input = tensor(logMels, [2, 80, 800]);
        Tensor context = network.Encoder.forward(input);
        Close.Equal(RandomWeights.Values(context), model.EncodeContext(logMels, 2));
        Close.Equal(RandomWeights.Values(network.TargetEncoder.forward(input)), model.EncodeTarget(logMels, 2));
        Close.Equal(RandomWeights.Values(network.Predictor.forward(context, tensor(new long[] { 3, model.Info.Stems.Count - 1 }))),
            model.Predict(RandomWeights.Values(context), 3, model.Info.Stems.Count - 1));
    }

    [Fact]
    public void Export_of_the_committed_weights_gives_the_shipped_files()
    {
        using var temporary = new TemporaryFolder();
        ModelInfo exported = ModelExporter.Export(new ExportOptions { From = Weights, Out = temporary.PathOf("model") });
        Assert.Equal(ModelInfo.Load(Shipped).Sha256, exported.Sha256);
    }

    private static float[] FirstWindow(string file, ModelInfo model)
    {
        var frontEnd = new LogMelSpectrogram(
            new FrontEndSettings { Mean = model.FrontEnd.Mean, StandardDeviation = model.FrontEnd.StandardDeviation });
        float[] logMel = frontEnd.Compute(AudioClip.Load(file).Samples.Span);
        int frames = logMel.Length / 80;
        return [.. Enumerable.Range(0, 80).SelectMany(band => logMel[(band * frames)..(band * frames + 800)])];
    }
}
