namespace StemJepa.Training.Evaluation;

/// <summary>What retrieval compares: a recording's vector, and the vector that a mix asks for. Vectors are compared by Euclidean distance.</summary>
internal interface IRetrievalEmbedder
{
    float[] Embed(AudioClip recording);

    float[] Predict(AudioClip mix, Stem missing);
}
