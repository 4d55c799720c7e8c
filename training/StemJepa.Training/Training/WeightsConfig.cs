using System.Text.Json;
using System.Text.Json.Serialization;
using StemJepa.Training.Networks;

namespace StemJepa.Training.Training;

/// <summary>The <c>config</c> entry of a weights file's metadata: sizes and origin of the weights, snake_case JSON.</summary>
internal sealed record WeightsConfig
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public required string Name { get; init; }

    public required int Width { get; init; }

    public required int Depth { get; init; }

    public required int Heads { get; init; }

    public required int[] PredictorHidden { get; init; }

    public required PatchEmbedding PatchEmbedding { get; init; }

    public required float Mean { get; init; }

    public required float Std { get; init; }

    public ModelCorpus? Corpus { get; init; }

    [JsonIgnore]
    public NetworkSizes Sizes => new(Name, Width, Depth, Heads, PredictorHidden, PatchEmbedding);

    public static WeightsConfig Of(NetworkSizes sizes, FrontEndSettings frontEnd, ModelCorpus corpus) => new()
    {
        Name = sizes.Name,
        Width = sizes.Width,
        Depth = sizes.Depth,
        Heads = sizes.Heads,
        PredictorHidden = sizes.PredictorHidden,
        PatchEmbedding = sizes.PatchEmbedding,
        Mean = frontEnd.Mean,
        Std = frontEnd.StandardDeviation,
        Corpus = corpus,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
