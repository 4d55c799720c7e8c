using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// The beats: each time patch has the likelihood of a beat in each of its 16 frames of 10 ms, and dynamic programming
/// (<see cref="BeatLikelihood"/>) finds the beats. The mean of the recordings' F-measures within 70 ms.
/// </summary>
internal sealed class BeatTask : ProbeTask
{
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
            ReadOnlySpan<float> near = BeatLikelihood.Near;
            for (int frame = Math.Max(0, at - near.Length + 1); frame < Math.Min(targets.Length, at + near.Length); frame++)
                targets[frame] = Math.Max(targets[frame], near[Math.Abs(frame - at)]);
        }
        return targets;
    }

    public override ProbeLabel Varied(ProbeLabel label, int semitones) =>
        ProbeLabel.FromBeats([.. label.Beats.Select(beat => beat / Varispeed.SpeedOf(semitones))]);

    public override double[] Score(IReadOnlyList<ProbeLabel> labels, IReadOnlyList<float[]> logits) =>
        [labels.Zip(logits, (label, values) => BeatMetrics.FMeasure(label.Beats, BeatLikelihood.Beats(BeatLikelihood.FromLogits(values))))
            .Average()];
}

/// <summary>Metric of beats: an estimate near enough to a true beat is a hit, and each true beat counts once.</summary>
internal static class BeatMetrics
{
    private const double Window = 0.070, Rounding = 1e-9;

    /// <summary>
    /// F-measure of one recording, 0..1: twice the hits over all true and all estimated beats; 0 if there are none of either.
    /// </summary>
    /// <param name="truths">Seconds, ascending.</param>
    /// <param name="estimates">Seconds, ascending.</param>
    public static double FMeasure(IReadOnlyList<double> truths, IReadOnlyList<double> estimates)
    {
        int truth = 0, estimate = 0, hits = 0;
        while (truth < truths.Count && estimate < estimates.Count)
        {
            double late = estimates[estimate] - truths[truth];
            if (Math.Abs(late) <= Window + Rounding)
            {
                hits++;
                truth++;
                estimate++;
            }
            else if (late > 0)
            {
                truth++;
            }
            else
            {
                estimate++;
            }
        }
        return hits == 0 ? 0 : 2.0 * hits / (truths.Count + estimates.Count);
    }
}
