namespace StemJepa.Training.Evaluation;

/// <summary>For the tempo: how the likelihood of beats, which a head reads off each column of patches, repeats itself (<see cref="Periodicity"/>).</summary>
internal sealed class BeatPeriodicityFeature(IProbeFeature columns, TrainedHead beats) : IProbeFeature
{
    public string Name => columns.Name + ProbeReport.BeatsSuffix;

    public bool HasTellingColumns => false;

    public float[] Pooled(AudioClip clip) => Periodicity.Compute(BeatLikelihood.FromLogits(beats.Logits(columns.Columns(clip).Rows)));

    (float[] Rows, int Length) IProbeFeature.Columns(AudioClip clip) => throw new NotSupportedException("The periodicity is one row for all of a recording.");
}
