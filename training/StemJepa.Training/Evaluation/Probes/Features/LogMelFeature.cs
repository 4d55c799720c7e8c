namespace StemJepa.Training.Evaluation;

/// <summary>The log-mel without anything learnt: mean and deviation over time of each band, or the 80 x 16 values of each column of patches.</summary>
internal sealed class LogMelFeature : IProbeFeature
{
    private readonly LogMelSpectrogram frontEnd = new();

    public string Name => "mean_log_mel";

    public bool HasTellingColumns => true;

    public float[] Pooled(AudioClip clip) => FrameFeatures.MeanAndDeviation(Bands(clip));

    public (float[] Rows, int Length) Columns(AudioClip clip) => FrameFeatures.Columns(Bands(clip));

    private ReadOnlyMemory<float>[] Bands(AudioClip clip)
    {
        float[] logMel = frontEnd.Compute(clip.Resample(FrontEndSettings.SampleRate).Samples.Span);
        int frames = logMel.Length / FrontEndSettings.MelBands;
        return [.. Enumerable.Range(0, FrontEndSettings.MelBands).Select(band => logMel.AsMemory(band * frames, frames))];
    }
}
