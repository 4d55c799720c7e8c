using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>Compiled JSON of <c>model.json</c>, so that trimmed and native programs can read models.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(ModelInfo))]
internal sealed partial class ModelJson : JsonSerializerContext;
