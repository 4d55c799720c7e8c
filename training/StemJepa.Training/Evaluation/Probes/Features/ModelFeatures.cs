namespace StemJepa.Training.Evaluation;

/// <summary>
/// The embedding of an exported model, computed with the library: 5 x width values, averaged over time or for each time patch.
/// </summary>
internal sealed class ModelFeature(StemAffinity model) : IProbeFeature
{
    /// <summary>The name of its row in reports.</summary>
    public const string MethodName = "model";

    public string Name => MethodName;

    public bool SupportsTimePatchHead => true;

    public float[] Pooled(AudioClip clip) => model.Embed(clip).Vector.ToArray();

    public (float[] Rows, int Length) TimePatches(AudioClip clip)
    {
        var patches = new PatchSequence();
        model.Embed(clip.OpenReader(), patches);
        return (patches.Values.ToArray(), patches.PatchLength);
    }
}

/// <summary>
/// The inputs that the library offers heads besides the embedding: the chroma, one row for a recording, or the mel dynamics, one row for
/// each time patch.
/// </summary>
/// <param name="model">The model, whose library code extracts the features.</param>
/// <param name="input">Which of the two.</param>
internal sealed class HeadInputFeature(StemAffinity model, HeadInput input) : IProbeFeature
{
    public string Name => input.ToString();

    public bool SupportsTimePatchHead => input == HeadInput.MelDynamics;

    public float[] Pooled(AudioClip clip) => Chromagram.MeanAndDeviation(HeadFeatures.Extract(model, clip.OpenReader(), default).Chroma);

    public (float[] Rows, int Length) TimePatches(AudioClip clip) =>
        (HeadFeatures.Extract(model, clip.OpenReader(), default).MelDynamics, MelDynamics.PatchLength);
}

/// <summary>
/// For the tempo: the periodicity of the beat likelihood that a head computes from each time patch (<see cref="Periodicity"/>).
/// </summary>
internal sealed class BeatPeriodicityFeature(IProbeFeature patches, TrainedHead beats) : IProbeFeature
{
    /// <summary>Ends the name of a feature that estimates the tempo from the beats that a head finds in it.</summary>
    public const string NameSuffix = "_beats";

    public string Name => patches.Name + NameSuffix;

    public bool SupportsTimePatchHead => false;

    public float[] Pooled(AudioClip clip) => Periodicity.Compute(BeatLikelihood.FromLogits(beats.Logits(patches.TimePatches(clip).Rows)));

    (float[] Rows, int Length) IProbeFeature.TimePatches(AudioClip clip) =>
        throw new NotSupportedException("The periodicity is one row for all of a recording.");
}
