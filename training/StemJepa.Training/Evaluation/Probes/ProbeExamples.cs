using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>A split's rows as one tensor, with what heads should give for its examples. One caller at a time.</summary>
internal abstract class ProbeExamples : IDisposable
{
    /// <param name="labels">One for each clip.</param>
    /// <param name="features">The rows of each clip; cleared, so that they need not be held twice.</param>
    /// <param name="length">Values of a row.</param>
    protected ProbeExamples(IReadOnlyList<ProbeLabel> labels, List<float[]> features, int length)
    {
        Labels = labels;
        int[] counts = [.. features.Select(values => values.Length / length)];
        Starts = new int[counts.Length + 1];
        for (int i = 0; i < counts.Length; i++)
            Starts[i + 1] = Starts[i] + counts[i];
        Inputs = empty(Starts[^1], length);
        for (int i = 0; i < counts.Length; i++)
        {
            using var scope = NewDisposeScope();
            Inputs.narrow(0, Starts[i], counts[i]).copy_(tensor(features[i], [counts[i], length]));
        }
        features.Clear();
    }

    public IReadOnlyList<ProbeLabel> Labels { get; }

    /// <summary>[rows, length].</summary>
    public Tensor Inputs { get; }

    /// <summary>[examples, outputs].</summary>
    public abstract Tensor Targets { get; }

    /// <summary>Examples.</summary>
    public long Count => Targets.shape[0];

    /// <summary>Examples that make up one step of training.</summary>
    public abstract int Batch { get; }

    /// <summary>The most epochs, and how many of them without a lower validation loss end training.</summary>
    public abstract (int Epochs, int Patience) Duration { get; }

    /// <summary>The first row of each clip, and the end.</summary>
    protected int[] Starts { get; }

    /// <summary>The inputs of some examples for one step of training.</summary>
    /// <param name="examples">Their indices.</param>
    /// <param name="random">Chooses what is random about it.</param>
    public abstract Tensor Draw(Tensor examples, Random random);

    /// <summary>All examples in their order, in parts that fit into memory.</summary>
    public abstract IEnumerable<(Tensor Inputs, Tensor Targets)> Parts();

    /// <summary>Takes the outputs for all examples, [examples, outputs], apart by clip.</summary>
    public abstract float[][] ByClip(Tensor outputs);

    /// <summary>Mean and deviation of each value, [length] each; a value that is constant gets the deviation 1. The caller's to dispose of.</summary>
    public (Tensor Mean, Tensor Deviation) Moments()
    {
        using var scope = NewDisposeScope();
        Tensor deviation = Inputs.std(0, unbiased: false);
        return (Inputs.mean([0]).MoveToOuterDisposeScope(), where(deviation > 1e-6, deviation, ones_like(deviation)).MoveToOuterDisposeScope());
    }

    public void Standardise(Tensor mean, Tensor deviation)
    {
        Inputs.sub_(mean);
        Inputs.div_(deviation);
    }

    public void Dispose()
    {
        Inputs.Dispose();
        Targets.Dispose();
    }
}
