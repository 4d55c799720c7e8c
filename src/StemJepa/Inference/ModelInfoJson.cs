using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>Compiled JSON (de)serialisation of <see cref="ModelInfo"/>, so that trimmed and native programs can read models.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(ModelInfo))]
internal sealed partial class ModelInfoJson : JsonSerializerContext;
