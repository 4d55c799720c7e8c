using System.Numerics.Tensors;
using StemJepa.Training.Evaluation.Mashability;
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

    /// <summary>Mean and deviation of each pitch class, of frames that are as loud as one another, [24].</summary>
    private static float[] MeanChroma(ReadOnlySpan<float> samples)
    {
        float[] chroma = Chroma.Of(samples);
        int frames = chroma.Length / Chroma.Classes;
        var classes = new float[Chroma.Classes][];
        for (int pitch = 0; pitch < classes.Length; pitch++)
            classes[pitch] = new float[frames];
        for (int frame = 0; frame < frames; frame++)
        {
            ReadOnlySpan<float> values = chroma.AsSpan(frame * Chroma.Classes, Chroma.Classes);
            float norm = TensorPrimitives.Norm(values);
            for (int pitch = 0; pitch < classes.Length && norm > 0; pitch++)
                classes[pitch][frame] = values[pitch] / norm;
        }
        return FrameFeatures.MeanAndDeviation([.. classes.Select(values => (ReadOnlyMemory<float>)values)]);
    }

    private static float[] Autocorrelation(ReadOnlySpan<float> samples) => Periodicity.Of(BandDynamics.Of(samples).Onsets);
}
