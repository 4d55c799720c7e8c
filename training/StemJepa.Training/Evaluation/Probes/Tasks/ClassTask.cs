using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>One of several classes: genre, instrument family; accuracy.</summary>
internal class ClassTask(string name, IReadOnlyList<string> classes) : ProbeTask
{
    protected const string Accuracy = "accuracy";

    public override string Name => name;

    public override IReadOnlyList<string> Metrics => [Accuracy];

    public override int Outputs => classes.Count;

    /// <summary>The classes' names.</summary>
    public IReadOnlyList<string> Classes => classes;

    public override float[] Targets(ProbeLabel label, int rows)
    {
        var targets = new float[rows * Outputs];
        for (int row = 0; row < rows; row++)
            targets[row * Outputs + label.Class] = 1;
        return targets;
    }

    public override double[] Score(IReadOnlyList<ProbeLabel> labels, IReadOnlyList<float[]> logits) =>
        Score([.. labels.Select(label => label.Class)], [.. logits.Select(values => TensorPrimitives.IndexOfMax<float>(values))]);

    /// <summary>The metrics of classes.</summary>
    protected virtual double[] Score(int[] truths, int[] estimates) =>
        [truths.Zip(estimates, (truth, estimate) => truth == estimate ? 1.0 : 0).Average()];
}
