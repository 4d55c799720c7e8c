using StemJepa.Training.Evaluation.Probes.Tasks;

namespace StemJepa.Training.Evaluation.Probes.Features;

/// <summary>
/// What a musician would compute for a task: chroma for the key, the autocorrelation of onsets for the tempo, onset strength in three bands
/// for beats, and chroma with autocorrelation for the other tasks.
/// </summary>
internal sealed class HandMadeFeature(string task) : IProbeFeature
{
    public string Name => "hand_made";

    public bool HasTellingColumns => false;

    public float[] Pooled(AudioClip clip)
    {
        ReadOnlySpan<float> samples = clip.Resample(FrontEndSettings.SampleRate).Samples.Span;
        return task switch
        {
            ProbeTask.Key => MeanChroma(samples),
            ProbeTask.Tempo => Autocorrelation(samples),
            _ => [.. MeanChroma(samples), .. Autocorrelation(samples)],
        };
    }

    public (float[] Rows, int Length) Columns(AudioClip clip) =>
        FrameFeatures.Columns([.. BandDynamics.Of(clip.Resample(FrontEndSettings.SampleRate).Samples.Span).BandOnsets.Select(onsets => (ReadOnlyMemory<float>)onsets)]);

    private static float[] MeanChroma(ReadOnlySpan<float> samples) => Chromagram.MeanAndDeviation(Chromagram.Of(samples, Chromagram.Hop));

    private static float[] Autocorrelation(ReadOnlySpan<float> samples) => Periodicity.Of(BandDynamics.Of(samples).Onsets);
}
