using Parameter = TorchSharp.Modules.Parameter;
using StemJepa.Training.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Training;

public sealed class AdamWTests
{
    [Fact]
    public void Libtorch_AdamW_takes_the_same_steps()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var ours = new Parameter(randn(4, 3));
        var theirs = new Parameter(ours.detach().clone());
        var optimiser = new AdamW([("weight", ours)], weightDecay: 0.05);
        var oracle = optim.AdamW([theirs], lr: 0.01, beta1: 0.9, beta2: 0.95, eps: 1e-8, weight_decay: 0.05);
        Tensor goal = randn(4, 3);
        for (int step = 1; step <= 20; step++)
        {
            foreach (Parameter parameter in new[] { ours, theirs })
            {
                parameter.grad?.zero_();
                (parameter - goal).pow(2).sum().backward();
            }
            optimiser.Step(0.01, step);
            oracle.step();
        }
        Assert.InRange((ours - theirs).abs().max().item<float>(), 0, 1e-6);
    }

    [Fact]
    public void Libtorch_clip_grad_norm_gives_the_same_gradients()
    {
        using var scope = NewDisposeScope();
        Parameter[] ours = [new(randn(3, 3)), new(randn(5))];
        var optimiser = new AdamW([("a", ours[0]), ("b", ours[1])], 0);
        Parameter[] theirs = [.. ours.Select(parameter => new Parameter(parameter.detach().clone()))];
        foreach (Parameter parameter in ours.Concat(theirs))
            (parameter * parameter * 10).sum().backward();
        double norm = optimiser.ClipGradients(3);
        double expected = nn.utils.clip_grad_norm_(theirs, 3);
        Assert.Equal(expected, norm, 1e-3);
        Assert.All(ours.Zip(theirs), pair => Assert.InRange((pair.First.grad! - pair.Second.grad!).abs().max().item<float>(), 0, 1e-5));
    }
}
