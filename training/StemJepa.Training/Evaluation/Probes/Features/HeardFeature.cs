namespace StemJepa.Training.Evaluation;

/// <summary>What the library shows a head besides the embedding: the chroma, one row for a recording, or how the mel bands move, column by column.</summary>
/// <param name="model">The model, which hears recordings.</param>
/// <param name="input">Which of both.</param>
internal sealed class HeardFeature(StemAffinity model, HeadInput input) : IProbeFeature
{
    public string Name => input.ToString();

    public bool HasTellingColumns => input == HeadInput.MelDynamics;

    public float[] Pooled(AudioClip clip) => Chromagram.MeanAndDeviation(model.Hear(clip).Chroma);

    public (float[] Rows, int Length) Columns(AudioClip clip) => (model.Hear(clip).MelDynamics, MelDynamics.ColumnLength);
}
