namespace StemJepa.Training.Evaluation;

/// <summary>The embedding of a model as users run it: exported, through the library. 5 x width values, averaged over time or a column of patches each.</summary>
internal sealed class ModelFeature(StemAffinity model) : IProbeFeature
{
    public string Name => ProbeReport.ModelMethod;

    public bool HasTellingColumns => true;

    public float[] Pooled(AudioClip clip) => model.Embed(clip).Vector.ToArray();

    public (float[] Rows, int Length) Columns(AudioClip clip)
    {
        PatchSequence patches = model.EmbedPatches(clip).Patches;
        return (patches.Values.ToArray(), patches.ColumnLength);
    }
}
