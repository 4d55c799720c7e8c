using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>Each row is an example: one for all of a clip, or one for each column of patches where the task asks of each.</summary>
internal sealed class ProbeRows : ProbeExamples
{
    private const int EvaluationRows = 1 << 16;

    private readonly bool isSequence;

    /// <param name="task">Gives the targets.</param>
    /// <param name="labels">One for each clip.</param>
    /// <param name="features">The rows of each clip; cleared.</param>
    /// <param name="length">Values of a row.</param>
    public ProbeRows(ProbeTask task, IReadOnlyList<ProbeLabel> labels, List<float[]> features, int length) : base(labels, features, length)
    {
        isSequence = task.UsesSequence;
        Targets = empty(Starts[^1], task.Outputs);
        for (int i = 0; i < labels.Count; i++)
        {
            using var scope = NewDisposeScope();
            int count = Starts[i + 1] - Starts[i];
            Targets.narrow(0, Starts[i], count).copy_(tensor(task.Targets(labels[i], count), [count, task.Outputs]));
        }
    }

    public override Tensor Targets { get; }

    public override int Batch => isSequence ? 512 : 32;

    public override (int Epochs, int Patience) Duration => isSequence ? (30, 3) : (300, 25);

    public override Tensor Draw(Tensor examples, Random random) => Inputs.index_select(0, examples);

    public override IEnumerable<(Tensor Inputs, Tensor Targets)> Parts()
    {
        for (long start = 0; start < Count; start += EvaluationRows)
        {
            long count = Math.Min(EvaluationRows, Count - start);
            yield return (Inputs.narrow(0, start, count), Targets.narrow(0, start, count));
        }
    }

    public override float[][] ByClip(Tensor outputs)
    {
        float[] values = outputs.contiguous().data<float>().ToArray();
        int width = (int)outputs.shape[1];
        return [.. Enumerable.Range(0, Labels.Count).Select(clip => values[(Starts[clip] * width)..(Starts[clip + 1] * width)])];
    }
}
