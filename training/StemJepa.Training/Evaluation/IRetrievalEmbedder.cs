namespace StemJepa.Training.Evaluation;

/// <summary>A method that embeds recordings, and for a mix predicts the embedding that the missing stem should have.</summary>
internal interface IRetrievalEmbedder
{
    RetrievalEmbedding Embed(AudioClip recording);

    RetrievalEmbedding Predict(AudioClip mix, Stem missing);
}
