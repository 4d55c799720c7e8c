namespace StemJepa.Training.Evaluation;

/// <summary>A baseline: a random vector for whatever is asked.</summary>
internal sealed class RandomEmbedder(int seed) : IRetrievalEmbedder
{
    private readonly Random random = new(seed);

    public RetrievalEmbedding Embed(AudioClip recording) => Draw();

    public RetrievalEmbedding Predict(AudioClip mix, Stem missing) => Draw();

    private RetrievalEmbedding Draw() => new([.. Enumerable.Range(0, 64).Select(_ => random.NextSingle() - 0.5f)]);
}
