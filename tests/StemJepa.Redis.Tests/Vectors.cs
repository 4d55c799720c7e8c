using StemJepa.Catalog.Tests;

namespace StemJepa.Redis.Tests;

/// <summary>Embeddings for catalogues on servers.</summary>
internal static class Vectors
{
    /// <summary>Without structure, or in clusters of near neighbours, as stems of the same kind are.</summary>
    public static StemEmbedding[] Many(int count, int length, bool clustered, int seed = 0)
    {
        const int clusters = 12;
        float[][] centres =
            [.. Enumerable.Range(0, clusters).Select(centre => Samples.Embedding(1_000_000 + centre, length).Vector.ToArray())];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] noise = Samples.Embedding(seed + i, length).Vector.ToArray(), centre = centres[i % clusters];
            return new StemEmbedding([.. noise.Select((value, channel) => clustered ? centre[channel] + 0.5f * value : value)]);
        })];
    }

    /// <summary>The same recordings in a folder: the oracle.</summary>
    public static StemCatalog InFolder(string folder, ModelInfo model, IReadOnlyList<CatalogEntry> entries,
        IReadOnlyList<StemEmbedding> embeddings)
    {
        using (CatalogWriter writer = CatalogWriter.Open(folder, model))
        {
            for (int i = 0; i < entries.Count; i++)
                writer.Set(entries[i], embeddings[i]);
            writer.Commit();
        }
        return StemCatalog.Open(folder);
    }

    public static void AssertSame(IReadOnlyList<CatalogMatch> expected, IReadOnlyList<CatalogMatch> found)
    {
        Assert.Equal(expected.Select(match => Samples.Describe(match.Entry)), found.Select(match => Samples.Describe(match.Entry)));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Affinity, pair.Second.Affinity, 1e-6));
    }

    /// <summary>How many of the best were found, 0..1.</summary>
    public static double Recall(IReadOnlyList<CatalogMatch> best, IReadOnlyList<CatalogMatch> found) =>
        (double)best.Count(match => found.Any(other => other.Entry.Id == match.Entry.Id)) / best.Count;
}
