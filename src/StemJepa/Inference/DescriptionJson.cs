using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>Compiled JSON (de)serialisation of what describes a model folder, so that trimmed and native programs can read models.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(ModelInfo))]
[JsonSerializable(typeof(HeadsInfo))]
internal sealed partial class DescriptionJson : JsonSerializerContext;
