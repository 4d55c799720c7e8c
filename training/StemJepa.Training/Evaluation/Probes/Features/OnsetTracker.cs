namespace StemJepa.Training.Evaluation;

/// <summary>Tempo and beats from onset strength (Ellis 2007), without learning.</summary>
internal static class OnsetTracker
{
    public const string Name = "onset_tracker";

    /// <summary>The metrics of a task over clips; null if the task is neither tempo nor beats.</summary>
    public static double[]? Score(ProbeTask task, IReadOnlyList<ProbeClip> clips)
    {
        if (task is not (TempoTask or BeatTask))
            return null;
        var periods = new List<double>();
        var beats = new List<double[]>();
        foreach (ProbeClip clip in clips)
        {
            float[] onsets = BandDynamics.Compute(clip.Load().Resample(FrontEndSettings.SampleRate).Samples.Span).Onsets;
            double period = BeatTracker.Period(onsets);
            periods.Add(period);
            if (task is BeatTask)
                beats.Add([.. BeatTracker.Beats(onsets, period).Select(frame => frame / BandDynamics.FramesPerSecond)]);
        }
        if (task is BeatTask)
            return [clips.Zip(beats, (clip, found) => BeatMetrics.FMeasure(clip.Label.Beats, found)).Average()];
        double[] truths = [.. clips.Select(clip => clip.Label.Tempo)],
            estimates = [.. periods.Select(period => 60 * BandDynamics.FramesPerSecond / period)];
        return [TempoMetrics.Accuracy1(truths, estimates), TempoMetrics.Accuracy2(truths, estimates)];
    }
}
