using StemJepa.Training.Evaluation.Probes.Tasks;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation.Probes;

/// <summary>The rows of a split's clips as tensors, with what heads should give for them.</summary>
internal sealed class ProbeRows : IDisposable
{
    private readonly int[] starts;

    /// <param name="task">Gives the targets.</param>
    /// <param name="labels">One for each clip.</param>
    /// <param name="features">The rows of each clip.</param>
    /// <param name="length">Values of a row.</param>
    public ProbeRows(ProbeTask task, IReadOnlyList<ProbeLabel> labels, IReadOnlyList<float[]> features, int length)
    {
        Labels = labels;
        int[] counts = [.. features.Select(values => values.Length / length)];
        starts = new int[counts.Length + 1];
        for (int i = 0; i < counts.Length; i++)
            starts[i + 1] = starts[i] + counts[i];
        Inputs = empty(starts[^1], length);
        Targets = empty(starts[^1], task.Outputs);
        for (int i = 0; i < counts.Length; i++)
        {
            using var scope = NewDisposeScope();
            Inputs.narrow(0, starts[i], counts[i]).copy_(tensor(features[i], [counts[i], length]));
            Targets.narrow(0, starts[i], counts[i]).copy_(tensor(task.Targets(labels[i], counts[i]), [counts[i], task.Outputs]));
        }
    }

    public IReadOnlyList<ProbeLabel> Labels { get; }

    /// <summary>[rows, length].</summary>
    public Tensor Inputs { get; }

    /// <summary>[rows, outputs].</summary>
    public Tensor Targets { get; }

    public long Count => Inputs.shape[0];

    /// <summary>Mean and deviation of each value, [length] each; a value that is constant gets the deviation 1.</summary>
    public (Tensor Mean, Tensor Deviation) Moments()
    {
        Tensor deviation = Inputs.std(0, unbiased: false);
        return (Inputs.mean([0]), where(deviation > 1e-6, deviation, ones_like(deviation)));
    }

    public void Standardise(Tensor mean, Tensor deviation) => Inputs.sub_(mean).div_(deviation);

    /// <summary>Takes outputs [rows, outputs] apart by clip.</summary>
    public float[][] ByClip(Tensor outputs)
    {
        float[] values = outputs.contiguous().data<float>().ToArray();
        int width = (int)outputs.shape[1];
        return [.. Enumerable.Range(0, Labels.Count).Select(clip => values[(starts[clip] * width)..(starts[clip + 1] * width)])];
    }

    public void Dispose()
    {
        Inputs.Dispose();
        Targets.Dispose();
    }
}
