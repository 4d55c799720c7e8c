using System.Text.Json;
using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>Ranks and recalls against those of the published PyTorch implementation.</summary>
public sealed class GoldenRankTests
{
    [Fact]
    public void Golden_recalls_and_ranks()
    {
        float[][] queries = Rows("rank_queries.npy"), targets = Rows("rank_targets.npy");
        RetrievalMetrics metrics = RetrievalMetrics.FromRanks(AffinityMatrix.FromDistances(queries, targets).Ranks(), targets.Length);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Golden.PathOf("rank_expected.json")));
        using JsonDocument actual = JsonDocument.Parse(JsonSerializer.Serialize(metrics));
        foreach (JsonProperty figure in expected.RootElement.EnumerateObject())
            Assert.Equal(figure.Value.GetDouble(), actual.RootElement.GetProperty(figure.Name).GetDouble(), 1e-6);
    }

    [Fact]
    public void A_constant_embedding_ranks_last()
    {
        float[][] constant = [.. Enumerable.Repeat(new float[] { 1, 2, 3 }, 10)];
        Assert.All(AffinityMatrix.FromDistances(constant, constant).Ranks(), rank => Assert.Equal(10, rank));
    }

    private static float[][] Rows(string name)
    {
        (float[] values, int[] shape) = Golden.Npy(name);
        return [.. values.Chunk(shape[1])];
    }
}
