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

    /// <summary>TorchSharp frees a Scalar that nothing refers to any more, even while a native call reads it.</summary>
    [Fact]
    public async Task Steps_are_taken_while_garbage_is_collected()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(4));
        parameter.sum().backward();
        var optimiser = new AdamW([("weight", parameter)], 0);
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        Task collections = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        long step = 0;
        while (!done.IsCancellationRequested)
            optimiser.Step(1e-3, ++step);
        await collections;
        Assert.InRange(parameter.max().item<float>(), 1 - 1.01e-3f * step, 1 - 0.99e-3f * step);
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
