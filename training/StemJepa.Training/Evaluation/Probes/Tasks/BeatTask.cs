using System.Numerics.Tensors;
using StemJepa.Training.Evaluation.Mashability;
using StemJepa.Training.Evaluation.Probes.Metrics;

namespace StemJepa.Training.Evaluation.Probes.Tasks;

/// <summary>
/// The beats: each column of patches tells for its 16 frames of 10 ms how likely a beat is, and dynamic programming (<see cref="BeatTracker"/>)
/// finds the beats. The mean of the recordings' F-measures within 70 ms.
/// </summary>
internal sealed class BeatTask : ProbeTask
{
    /// <summary>How likely a beat is so many frames off the true one: labels are seldom exact to a frame, and beats are rare.</summary>
    private static readonly float[] Near = [1, 0.5f, 0.25f];

    /// <summary>What the frames about one beat add up to.</summary>
    private static readonly float SumOfBeat = 2 * Near.Sum() - Near[0];

    private static readonly double[] Multiples = [1, 2, 0.5, 3, 1.0 / 3];

    /// <summary>300 and 30 beats a minute, in frames.</summary>
    private const double ShortestPeriod = 20, LongestPeriod = 200;

    public override string Name => Beats;

    public override IReadOnlyList<string> Metrics => ["f_measure"];

    public override int Outputs => FrontEndSettings.PatchFrames;

    public override bool IsExclusive => false;

    public override bool UsesSequence => true;

    public override float[] Targets(ProbeLabel label, int rows)
    {
        var targets = new float[rows * Outputs];
        foreach (double beat in label.Beats)
        {
            int at = (int)Math.Round(beat * BandDynamics.FramesPerSecond);
            for (int frame = Math.Max(0, at - Near.Length + 1); frame < Math.Min(targets.Length, at + Near.Length); frame++)
                targets[frame] = Math.Max(targets[frame], Near[Math.Abs(frame - at)]);
        }
        return targets;
    }

    public override double[] Score(IReadOnlyList<ProbeLabel> labels, IReadOnlyList<float[]> logits) =>
        [labels.Zip(logits, (label, values) => BeatMetrics.FMeasure(label.Beats, Estimate(values))).Average()];

    /// <summary>
    /// The beats in seconds, of logits a frame of 10 ms each. The autocorrelation does not tell a period from its multiples, but the likelihoods do: of
    /// these, the one is taken whose beats have the highest F-measure to be expected.
    /// </summary>
    public static double[] Estimate(float[] logits)
    {
        float[] activation = Array.ConvertAll(logits, logit => 1 / (1 + MathF.Exp(-logit)));
        double period = BeatTracker.Period(activation), expected = TensorPrimitives.Sum<float>(activation) / SumOfBeat;
        int[] best = Multiples.Select(multiple => multiple * period).Where(candidate => candidate is >= ShortestPeriod and <= LongestPeriod)
            .Select(candidate => BeatTracker.Beats(activation, candidate))
            .MaxBy(beats => 2 * beats.Sum(beat => activation[beat]) / (beats.Length + expected)) ?? [];
        return Array.ConvertAll(best, frame => frame / BandDynamics.FramesPerSecond);
    }
}
