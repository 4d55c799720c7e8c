using StemJepa.Training.Networks;
using StemJepa.Training.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Training;

/// <summary>Gradients gathered part by part against libtorch's own of the whole batch at once.</summary>
public sealed class GradientCacheTests
{
    private static readonly NetworkSizes Tiny = new("tiny", 16, 1, 2, [32], PatchEmbedding.Linear);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Autograd_of_the_whole_batch_gives_the_same_gradients(int threads, bool keep)
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        using var network = new StemJepaNetwork(Tiny);
        Tensor mixes = randn(7, 80, 32), recordings = randn(7, 80, 32), stems = tensor(new long[] { 0, 1, 2, 3, 0, 1, 2 });
        Tensor Loss(Tensor outputs) => Losses.InfoNce(Losses.Pool(outputs.narrow(0, 0, 7)), Losses.Pool(outputs.narrow(0, 7, 7)), 0.1);

        Loss(cat([network.Predictor.forward(network.Encoder.forward(mixes), stems), network.Encoder.forward(recordings)])).backward();
        Dictionary<string, float[]> expected = Gradients(network);
        network.zero_grad(set_to_none: false);

        using var cache = new GradientCache(network, threads, keep);
        cache.Refresh();
        GradientCache.Part[] parts =
        [
            .. new[] { (0, 3), (3, 3), (6, 1) }.Select(part => new GradientCache.Part(part.Item2, copy =>
                copy.Predictor.forward(copy.Encoder.forward(mixes.narrow(0, part.Item1, part.Item2)),
                    stems.narrow(0, part.Item1, part.Item2)))),
            new GradientCache.Part(7, copy => copy.Encoder.forward(recordings)),
        ];
        Tensor outputs = cache.ForwardToLearn(parts);
        Loss(outputs).backward();
        cache.Backward(parts, outputs.grad!);

        Dictionary<string, float[]> actual = Gradients(network);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.Contains(expected.Values, gradient => gradient.Any(value => Math.Abs(value) > 1e-3));
        foreach ((string name, float[] gradient) in expected)
            Assert.All(gradient.Zip(actual[name]), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(20)]
    [InlineData(22)]
    public void Parts_hold_every_row_once_and_no_window_twice(int windows)
    {
        long[][] parts = [.. TrainingStep.RowsOfParts(windows)];
        Assert.Equal(Enumerable.Range(0, 5 * windows).Select(row => (long)row), parts.SelectMany(part => part).Order());
        Assert.All(parts, part => Assert.Equal(part.Length, part.Select(row => row % windows).Distinct().Count()));
    }

    private static Dictionary<string, float[]> Gradients(StemJepaNetwork network) => network.named_parameters()
        .Where(item => item.parameter.grad is not null)
        .ToDictionary(item => item.name, item => item.parameter.grad!.cpu().data<float>().ToArray());
}
