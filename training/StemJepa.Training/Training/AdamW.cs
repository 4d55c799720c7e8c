using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2019), first beta 0.9, whose moments are named tensors, so that a checkpoint holds them beside the
/// weights. Weight decay applies to tensors of two or more dimensions.
/// </summary>
internal sealed class AdamW
{
    private const double Beta1 = 0.9, Epsilon = 1e-8;
    private readonly (Parameter Parameter, Tensor First, Tensor Second)[] _slots;
    private readonly double _weightDecay, _beta2;

    public AdamW(IEnumerable<(string Name, Parameter Parameter)> parameters, double weightDecay, double beta2 = 0.95)
    {
        (_weightDecay, _beta2) = (weightDecay, beta2);
        (string Name, Parameter Parameter)[] trained = [.. parameters.Where(item => item.Parameter.requires_grad)];
        _slots = [.. trained.Select(item =>
            (item.Parameter, zeros_like(item.Parameter).DetachFromDisposeScope(), zeros_like(item.Parameter).DetachFromDisposeScope()))];
        State = trained.Zip(_slots).SelectMany(pair => new[]
        {
            ("optimiser.first." + pair.First.Name, pair.Second.First),
            ("optimiser.second." + pair.First.Name, pair.Second.Second),
        }).ToDictionary(item => item.Item1, item => item.Item2);
    }

    /// <summary>Both moments of every trained tensor by name.</summary>
    public IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Scales all gradients so that their common norm is at most <paramref name="limit"/>; returns the norm before.</summary>
    public double ClipGradients(double limit)
    {
        using var scope = NewDisposeScope();
        Tensor[] norms = [.. _slots.Where(slot => slot.Parameter.grad is not null).Select(slot => slot.Parameter.grad!.norm())];
        double norm = stack(norms).norm().item<float>();
        if (norm > limit)
        {
            using Scalar scale = limit / norm;
            foreach (var slot in _slots)
                slot.Parameter.grad?.mul_(scale);
        }
        return norm;
    }

    /// <summary>One update; <paramref name="step"/> counts from 1 since the moments were zero.</summary>
    public void Step(double learningRate, long step)
    {
        using var noGradient = no_grad();
        double correction1 = 1 - Math.Pow(Beta1, step), correction2 = 1 - Math.Pow(_beta2, step);
        // Held by name: TorchSharp frees a number that nothing refers to, even while a native call reads it (add_ alone makes one).
        using Scalar kept = 1 - learningRate * _weightDecay, beta2 = _beta2, rest2 = 1 - _beta2;
        using Scalar correction = correction2, epsilon = Epsilon, one = 1, rate = -learningRate / correction1;
        foreach (var (parameter, first, second) in _slots)
        {
            if (parameter.grad is not { } gradient)
                continue;
            using var scope = NewDisposeScope();
            if (parameter.dim() >= 2)
                parameter.mul_(kept);
            first.lerp_(gradient, 1 - Beta1);
            second.mul_(beta2).addcmul_(gradient, gradient, rest2);
            parameter.addcdiv_(first, second.div(correction).sqrt_().add_(epsilon, one), rate);
        }
    }

    public void ClearGradients()
    {
        foreach (var slot in _slots)
            slot.Parameter.grad?.zero_();
    }

    /// <summary>Sets both moments to zero, as at the start of a stage.</summary>
    public void Reset()
    {
        using var noGradient = no_grad();
        foreach (Tensor moment in State.Values)
            moment.zero_();
    }
}
