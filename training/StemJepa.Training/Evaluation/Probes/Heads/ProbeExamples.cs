using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>The rows of a split as one tensor, with the targets of its examples. Not thread-safe.</summary>
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
    public abstract int BatchSize { get; }

    /// <summary>The most epochs, and how many of them without a lower validation loss end training.</summary>
    public abstract (int Epochs, int Patience) Duration { get; }

    /// <summary>The first row of each clip, and the end.</summary>
    protected int[] Starts { get; }

    /// <summary>The inputs of some examples for one step of training.</summary>
    /// <param name="examples">Their indices.</param>
    /// <param name="random">Source of random choices.</param>
    public abstract Tensor Draw(Tensor examples, Random random);

    /// <summary>All examples in their order, in parts that fit into memory.</summary>
    public abstract IEnumerable<(Tensor Inputs, Tensor Targets)> Parts();

    /// <summary>Takes the outputs for all examples, [examples, outputs], apart by clip.</summary>
    public abstract float[][] ByClip(Tensor outputs);

    /// <summary>
    /// Mean and deviation of each value, [length] each; a value that is constant gets the deviation 1. The caller's to dispose of.
    /// </summary>
    public (Tensor Mean, Tensor Deviation) Moments()
    {
        using var scope = NewDisposeScope();
        Tensor deviation = Inputs.std(0, unbiased: false);
        return (Inputs.mean([0]).MoveToOuterDisposeScope(), where(deviation > 1e-6, deviation, ones_like(deviation))
            .MoveToOuterDisposeScope());
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

/// <summary>Each row is an example: one for a whole clip, or one for each time patch where the task has targets for each.</summary>
internal sealed class ProbeRows : ProbeExamples
{
    private const int EvaluationRows = 1 << 16;

    private readonly bool _isSequence;

    /// <param name="task">Gives the targets.</param>
    /// <param name="labels">One for each clip.</param>
    /// <param name="features">The rows of each clip; cleared.</param>
    /// <param name="length">Values of a row.</param>
    public ProbeRows(ProbeTask task, IReadOnlyList<ProbeLabel> labels, List<float[]> features, int length) : base(labels, features, length)
    {
        _isSequence = task.UsesSequence;
        Targets = empty(Starts[^1], task.Outputs);
        for (int i = 0; i < labels.Count; i++)
        {
            using var scope = NewDisposeScope();
            int count = Starts[i + 1] - Starts[i];
            Targets.narrow(0, Starts[i], count).copy_(tensor(task.Targets(labels[i], count), [count, task.Outputs]));
        }
    }

    public override Tensor Targets { get; }

    public override int BatchSize => _isSequence ? 512 : 32;

    public override (int Epochs, int Patience) Duration => _isSequence ? (30, 3) : (300, 25);

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

/// <summary>Each clip is an example, with a row for each time patch: [clips, time patches, length]. Training draws excerpts.</summary>
internal sealed class ProbeTimePatches : ProbeExamples
{
    /// <summary>Time patches of an excerpt: 10 s.</summary>
    private const int ExcerptPatches = 64;

    /// <param name="task">Gives the targets.</param>
    /// <param name="labels">One for each clip.</param>
    /// <param name="features">The rows of each clip; cleared.</param>
    /// <param name="length">Values of a row.</param>
    public ProbeTimePatches(ProbeTask task, IReadOnlyList<ProbeLabel> labels, List<float[]> features, int length)
        : base(labels, features, length)
    {
        Targets = empty(labels.Count, task.Outputs);
        for (int i = 0; i < labels.Count; i++)
        {
            using var scope = NewDisposeScope();
            Targets[i].copy_(tensor(task.Targets(labels[i], 1)));
        }
    }

    public override Tensor Targets { get; }

    public override int BatchSize => 32;

    public override (int Epochs, int Patience) Duration => (100, 12);

    /// <summary>Draws an excerpt of each clip from a random time patch on; a shorter clip repeats.</summary>
    public override Tensor Draw(Tensor examples, Random random)
    {
        long[] clips = examples.data<long>().ToArray();
        var rows = new long[clips.Length * ExcerptPatches];
        for (int i = 0; i < clips.Length; i++)
        {
            int start = Starts[clips[i]], count = Starts[clips[i] + 1] - start,
                first = random.Next(Math.Max(1, count - ExcerptPatches + 1));
            for (int patch = 0; patch < ExcerptPatches; patch++)
                rows[i * ExcerptPatches + patch] = start + (first + patch) % count;
        }
        return Inputs.index_select(0, tensor(rows)).view(clips.Length, ExcerptPatches, -1);
    }

    public override IEnumerable<(Tensor Inputs, Tensor Targets)> Parts()
    {
        for (int clip = 0; clip < Labels.Count; clip++)
            yield return (Inputs.narrow(0, Starts[clip], Starts[clip + 1] - Starts[clip]).unsqueeze(0), Targets.narrow(0, clip, 1));
    }

    public override float[][] ByClip(Tensor outputs) =>
        [.. Enumerable.Range(0, Labels.Count).Select(clip => outputs[clip].data<float>().ToArray())];
}
