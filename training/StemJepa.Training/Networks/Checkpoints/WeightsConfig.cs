using System.Text.Json;
using System.Text.Json.Serialization;

namespace StemJepa.Training.Networks;

/// <summary>
/// The model description in a weights file, in the entry <c>config</c> of its metadata. Everything is optional: official files have none of
/// it. Immutable and thread-safe.
/// </summary>
internal sealed record WeightsConfig
{
    /// <summary>The metadata entry that holds the JSON.</summary>
    public const string MetadataKey = "config";

    /// <summary>The model's name, such as <c>small</c>.</summary>
    public string? Name { get; init; }

    /// <summary>SPDX expression of the licence of the weights.</summary>
    public string? License { get; init; }

    /// <summary>Channels of a patch embedding.</summary>
    public int? Width { get; init; }

    /// <summary>Transformer blocks of the encoder.</summary>
    public int? Depth { get; init; }

    /// <summary>Attention heads.</summary>
    public int? Heads { get; init; }

    /// <summary>Width of each hidden layer of the predictor, input side first.</summary>
    public IReadOnlyList<int>? PredictorHidden { get; init; }

    /// <summary>The stems of the predictor's vectors, in their order; the four roles unless the file says otherwise.</summary>
    public IReadOnlyList<Stem>? Stems { get; init; }

    /// <summary>How 16 x 16 patches become vectors.</summary>
    public PatchEmbedding? PatchEmbedding { get; init; }

    /// <summary>How the encoder knows the order of the patches in time; absolute unless the file says otherwise.</summary>
    public TimePositions? TimePositions { get; init; }

    /// <summary>Mean of the training corpus's log-mels.</summary>
    public float? Mean { get; init; }

    /// <summary>Standard deviation of the training corpus's log-mels.</summary>
    public float? Std { get; init; }

    /// <summary>The training corpus.</summary>
    public ModelCorpus? Corpus { get; init; }

    /// <summary>Measured quality, by name.</summary>
    public IReadOnlyDictionary<string, double>? Metrics { get; init; }

    /// <summary>Reads the configuration of an open weights file; <c>null</c> when it has none.</summary>
    /// <exception cref="StemJepaException">The entry is not valid JSON of this form.</exception>
    public static WeightsConfig? Read(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(MetadataKey, out string? json))
            return null;
        try
        {
            return JsonSerializer.Deserialize(json, WeightsConfigJson.Default.WeightsConfig);
        }
        catch (JsonException error)
        {
            string place = error.Path is null or "" or "$" ? "" : $" at {error.Path}";
            throw new StemJepaException($"{file.FilePath}: the metadata entry '{MetadataKey}' is damaged{place}; write the weights again.",
                error);
        }
    }

    /// <summary>The metadata of a weights file with this configuration, as <see cref="SafetensorsFile.Write"/> takes it.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() =>
        new Dictionary<string, string> { [MetadataKey] = JsonSerializer.Serialize(this, WeightsConfigJson.Default.WeightsConfig) };
}

/// <summary>Compiled JSON (de)serialisation of <see cref="WeightsConfig"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WeightsConfig))]
internal sealed partial class WeightsConfigJson : JsonSerializerContext;
