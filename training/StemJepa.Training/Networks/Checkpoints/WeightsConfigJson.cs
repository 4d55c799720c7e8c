using System.Text.Json.Serialization;

namespace StemJepa.Training.Networks;

/// <summary>Compiled JSON (de)serialisation of <see cref="WeightsConfig"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WeightsConfig))]
internal sealed partial class WeightsConfigJson : JsonSerializerContext;
