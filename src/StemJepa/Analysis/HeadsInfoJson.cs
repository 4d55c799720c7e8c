using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>Compiled JSON (de)serialisation of <see cref="HeadsInfo"/>, so that trimmed and native programs can read it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(HeadsInfo))]
internal sealed partial class HeadsInfoJson : JsonSerializerContext;
