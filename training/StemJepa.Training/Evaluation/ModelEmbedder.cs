namespace StemJepa.Training.Evaluation;

/// <summary>A model as users run it: exported, through the library.</summary>
internal sealed class ModelEmbedder(StemAffinity model) : IRetrievalEmbedder
{
    public RetrievalEmbedding Embed(AudioClip recording) => Of(model.EmbedPatches(recording));

    public RetrievalEmbedding Predict(AudioClip mix, Stem missing) => Of(model.PredictPatches(mix, missing));

    private static RetrievalEmbedding Of((StemEmbedding Mean, PatchSequence Patches) output) => new(
        LayerNormed.Of(output.Mean.Vector.Span), new EmbeddingSequence(output.Patches.Values, output.Patches.ColumnLength));
}
