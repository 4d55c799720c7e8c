namespace StemJepa.Training.Evaluation;

/// <summary>A model as users run it: exported, through the library.</summary>
internal sealed class ModelEmbedder(IStemAffinity model) : IRetrievalEmbedder
{
    public float[] Embed(AudioClip recording) => LayerNormed.Of(model.Embed(recording).Vector.Span);

    public float[] Predict(AudioClip mix, Stem missing) => LayerNormed.Of(model.Predict(mix, missing).Vector.Span);
}
