using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>Compiled JSON (de)serialisation of what describes a model folder or ships with the library, so that trimmed and native programs can read models.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(ModelInfo))]
[JsonSerializable(typeof(HeadsInfo))]
[JsonSerializable(typeof(CanonicalDirections))]
internal sealed partial class DescriptionJson : JsonSerializerContext;
