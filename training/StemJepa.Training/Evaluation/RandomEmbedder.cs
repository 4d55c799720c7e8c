namespace StemJepa.Training.Evaluation;

/// <summary>A baseline: a random vector for whatever is asked.</summary>
internal sealed class RandomEmbedder(int seed) : IRetrievalEmbedder
{
    private readonly Random random = new(seed);

    public float[] Embed(AudioClip recording) => Draw();

    public float[] Predict(AudioClip mix, Stem missing) => Draw();

    private float[] Draw() => [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle() - 0.5f)];
}
