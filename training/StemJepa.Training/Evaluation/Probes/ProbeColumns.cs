using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>Each clip is an example, with a row for each column of patches: [clips, columns, length]. Training sees excerpts of them.</summary>
internal sealed class ProbeColumns : ProbeExamples
{
    /// <summary>Columns of an excerpt: 10 s.</summary>
    private const int ExcerptColumns = 64;

    /// <param name="task">Gives the targets.</param>
    /// <param name="labels">One for each clip.</param>
    /// <param name="features">The rows of each clip; cleared.</param>
    /// <param name="length">Values of a row.</param>
    public ProbeColumns(ProbeTask task, IReadOnlyList<ProbeLabel> labels, List<float[]> features, int length) : base(labels, features, length)
    {
        Targets = empty(labels.Count, task.Outputs);
        for (int i = 0; i < labels.Count; i++)
        {
            using var scope = NewDisposeScope();
            Targets[i].copy_(tensor(task.Targets(labels[i], 1)));
        }
    }

    public override Tensor Targets { get; }

    public override int Batch => 32;

    public override (int Epochs, int Patience) Duration => (100, 12);

    /// <summary>An excerpt of each clip from a random column on; a clip that is shorter goes round.</summary>
    public override Tensor Draw(Tensor examples, Random random)
    {
        long[] clips = examples.data<long>().ToArray();
        var rows = new long[clips.Length * ExcerptColumns];
        for (int i = 0; i < clips.Length; i++)
        {
            int start = Starts[clips[i]], count = Starts[clips[i] + 1] - start, first = random.Next(Math.Max(1, count - ExcerptColumns + 1));
            for (int column = 0; column < ExcerptColumns; column++)
                rows[i * ExcerptColumns + column] = start + (first + column) % count;
        }
        return Inputs.index_select(0, tensor(rows)).view(clips.Length, ExcerptColumns, -1);
    }

    public override IEnumerable<(Tensor Inputs, Tensor Targets)> Parts()
    {
        for (int clip = 0; clip < Labels.Count; clip++)
            yield return (Inputs.narrow(0, Starts[clip], Starts[clip + 1] - Starts[clip]).unsqueeze(0), Targets.narrow(0, clip, 1));
    }

    public override float[][] ByClip(Tensor outputs) => [.. Enumerable.Range(0, Labels.Count).Select(clip => outputs[clip].data<float>().ToArray())];
}
