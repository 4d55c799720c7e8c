namespace StemJepa.Benchmarks;

/// <summary>Synthetic embeddings.</summary>
internal static class Embeddings
{
    /// <summary>Noise, as long as the embeddings of <paramref name="model"/>.</summary>
    public static StemEmbedding Noise(ModelInfo model, int seed) => new(StemJepa.Reporting.Noise.Samples(model.EmbeddingLength, seed));
}
