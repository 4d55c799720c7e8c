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

/// <summary>One of the 24 keys: MIREX weighted score and accuracy.</summary>
internal sealed class KeyTask() : ClassTask(Key, KeyClasses.Names)
{
    public override IReadOnlyList<string> Metrics => ["weighted_score", Accuracy];

    public override ProbeLabel Varied(ProbeLabel label, int semitones)
    {
        const int pitches = KeyClasses.PitchClasses;
        int tonic = label.Class % pitches;
        return ProbeLabel.FromClass(label.Class - tonic + (tonic + semitones % pitches + pitches) % pitches);
    }

    protected override double[] Score(int[] truths, int[] estimates) =>
        [KeyMetrics.WeightedScore(truths, estimates), .. base.Score(truths, estimates)];
}

/// <summary>The MIREX metric of estimated keys, 0..1. Keys are classes of <see cref="KeyClasses"/>.</summary>
internal static class KeyMetrics
{
    private const double Fifth = 0.5, Relative = 0.3, Parallel = 0.2;

    /// <summary>
    /// 1 for the right key, 0.5 for one that is a perfect fifth above in the same mode, 0.3 for the relative key, 0.2 for the parallel one,
    /// else 0.
    /// </summary>
    public static double Score(int truth, int estimate)
    {
        int up = (estimate - truth + KeyClasses.Count) % KeyClasses.PitchClasses;
        bool isMinor = truth >= KeyClasses.PitchClasses, sameMode = isMinor == estimate >= KeyClasses.PitchClasses;
        return (sameMode, up) switch
        {
            (true, 0) => 1,
            (true, 7) => Fifth,
            (false, 0) => Parallel,
            (false, 9) when !isMinor => Relative,
            (false, 3) when isMinor => Relative,
            _ => 0,
        };
    }

    /// <summary>The mean of <see cref="Score"/>.</summary>
    public static double WeightedScore(IReadOnlyList<int> truths, IReadOnlyList<int> estimates) => truths.Zip(estimates, Score).Average();
}
