using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace StemJepa.Training.Evaluation;

/// <summary>The figures of a model beside those of the baselines: what <c>evaluate retrieval</c> writes.</summary>
internal sealed record RetrievalReport
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    [JsonPropertyName("corpus")]
    public required string Corpus { get; init; }

    [JsonPropertyName("model_name")]
    public required string ModelName { get; init; }

    [JsonPropertyName("model")]
    public required RetrievalMetrics Model { get; init; }

    [JsonPropertyName("per_stem")]
    public required IReadOnlyDictionary<string, RetrievalMetrics> PerStem { get; init; }

    [JsonPropertyName("same_stem")]
    public required RetrievalMetrics SameStem { get; init; }

    [JsonPropertyName("baselines")]
    public required IReadOnlyDictionary<string, RetrievalMetrics> Baselines { get; init; }

    [JsonPropertyName("measured")]
    public required Provenance Measured { get; init; }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, Json);

    /// <summary>Reads a results file.</summary>
    public static RetrievalReport Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return JsonSerializer.Deserialize<RetrievalReport>(stream, Json)!;
    }

    /// <summary>A table in Markdown's form.</summary>
    public Table ToTable()
    {
        Table table = new Table().MarkdownBorder().AddColumns("", "queries", "R@1 %", "R@5 %", "R@10 %", "mean rank %", "median rank %");
        AddRow(table, ModelName, Model);
        foreach (var (stem, metrics) in PerStem)
            AddRow(table, "  " + stem, metrics);
        AddRow(table, "  among the right stem only", SameStem);
        foreach (var (baseline, metrics) in Baselines)
            AddRow(table, baseline, metrics);
        return table;
    }

    private static void AddRow(Table table, string name, RetrievalMetrics metrics) => table.AddRow(
        [Markup.Escape(name), metrics.Queries.ToString(), .. new[]
        {
            metrics.RecallAt1, metrics.RecallAt5, metrics.RecallAt10, metrics.MeanNormalizedRank, metrics.MedianNormalizedRank,
        }.Select(share => $"{100 * share:F1}")]);
}
